// A table whose rows open. Values reach the page by textContent only: they are people's words.

const SVG = "http://www.w3.org/2000/svg";
const SHORT = 12; // letters: a date, a time or two words, which look torn when they wrap
const drawn = new WeakMap();

export default function recordTable({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".record-table");
  if (!root || !data) return;

  if (!drawn.has(root)) {
    drawn.set(root, {});
    root.addEventListener("click", event => onClick(root, event));
    root.addEventListener("keydown", event => onKey(root, event));
  }
  const table = drawn.get(root);
  table.open = id => setTriggerValue("opened", id);

  // An unchanged table is left alone, so that a rerun takes neither focus nor time.
  const content = JSON.stringify(data);
  if (table.content === content) return;
  table.content = content;
  const focusedId = root.getRootNode().activeElement?.closest("tr")?.dataset.id;
  root.replaceChildren(draw(data));
  if (focusedId) openers(root).find(opener => rowOf(opener).dataset.id === focusedId)?.focus();
}

function draw({ caption, columns, rows, openLabel }) {
  // The roles say again what the elements are: shown as cards, they would lose them.
  const table = element("table", "", { role: "table" });
  table.append(element("caption", "unseen", {}, caption));
  const head = table.createTHead();
  head.setAttribute("role", "rowgroup");
  const headings = element("tr", "", { role: "row" });
  for (const [title, kind, wideOnly] of columns) {
    const attributes = { scope: "col", role: "columnheader" };
    headings.append(element("th", className(kind, wideOnly), attributes, title));
  }
  head.append(headings);
  const body = table.createTBody();
  body.setAttribute("role", "rowgroup");
  body.append(...rows.map(row => drawRow(columns, row, openLabel)));
  return table;
}

function drawRow(columns, [id, ...values], openLabel) {
  const row = element("tr", "", { role: "row" });
  row.dataset.id = id;
  columns.forEach(([title, kind, wideOnly], index) => {
    const value = values[index];
    const cell = index === 0
      ? element("th", "opens", { scope: "row", role: "rowheader" })
      : element("td", className(kind, wideOnly), { role: "cell" });
    cell.dataset.title = title;
    if (value === "") cell.classList.add("is-empty");
    cell.append(index === 0 ? opener(openLabel, value) : words(kind, value));
    row.append(cell);
  });
  return row;
}

function opener(openLabel, value) {
  const button = element("button", "opener", { type: "button" });
  button.append(element("span", "unseen", {}, `${openLabel} `), words("text", value));
  return button;
}

function words(kind, value) {
  // bdi: a name written from right to left must not turn its neighbours around.
  const text = element("bdi", value.length > SHORT ? "value" : "value is-short", {}, value);
  if (kind !== "flag" || value === "") return text;
  const flag = element("span", "flag");
  const shape = document.createElementNS(SVG, "svg");
  shape.setAttribute("viewBox", "0 0 16 16");
  shape.setAttribute("aria-hidden", "true");
  const triangle = document.createElementNS(SVG, "path");
  triangle.setAttribute("d", "M8 1 16 15H0Z");
  shape.append(triangle);
  flag.append(shape, text);
  return flag;
}

function className(kind, wideOnly) {
  return wideOnly ? `is-${kind} wide-only` : `is-${kind}`;
}

function element(tag, className, attributes = {}, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function openers(root) {
  return [...root.querySelectorAll(".opener")];
}

function rowOf(target) {
  return target.closest("tbody tr");
}

function onClick(root, event) {
  const row = rowOf(event.target);
  if (!row) return;
  // Dragging over a value to copy it ends in a click too.
  const isCopying = String(getSelection()) !== "" && !event.target.closest(".opener");
  if (!isCopying) drawn.get(root).open(row.dataset.id);
}

function onKey(root, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const all = openers(root);
  const from = all.indexOf(event.target);
  if (from < 0) return;
  const to = {
    ArrowDown: Math.min(from + 1, all.length - 1),
    ArrowUp: Math.max(from - 1, 0),
    Home: 0,
    End: all.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault(); // else the page would scroll as well
  all[to].focus();
}
