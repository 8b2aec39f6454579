// A file that came with the page's words: saved at once, and again at a press.

const LET_IT_BE_READ_MS = 60_000; // a browser reads what it saves a moment later
const saved = new Set(); // outlives a remount, so that none is saved twice by itself

export default function fileOffer({ data, parentElement }) {
  const root = parentElement.querySelector(".file-offer");
  if (!root || !data || root.dataset.serial === data.serial) return;
  root.dataset.serial = data.serial;

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = data.label;
  button.addEventListener("click", () => save(data));
  root.replaceChildren(button);
  if (saved.has(data.serial)) return;
  saved.add(data.serial);
  save(data);
}

function save({ name, kind, content }) {
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: kind }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), LET_IT_BE_READ_MS);
}
