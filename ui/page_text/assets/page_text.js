// The text of a page. Its words that can be tapped are buttons; each has an empty place behind
// its paragraph, which is filled and shown while the word is open.

const shown = new WeakMap();

export default function pageText({ data, parentElement }) {
  const root = parentElement.querySelector(".page-text");
  // An unchanged text is left alone, so that a rerun closes nothing.
  if (!root || !data || shown.get(root) === data.html) return;
  if (!shown.has(root)) {
    root.addEventListener("click", onClick);
    root.addEventListener("keydown", onKey);
  }
  shown.set(root, data.html);
  // The only HTML that comes in from outside: content/page_html.py wrote all of its tags.
  root.innerHTML = data.html;
}

function onClick(event) {
  const term = event.target.closest(".term");
  if (term) return term.getAttribute("aria-expanded") === "true" ? close(term) : open(term);
  if (event.target.closest(".close")) return close(termOf(event.target));
  const link = event.target.closest('a[href^="#"]');
  if (!link) return;
  event.preventDefault(); // the address of the whole page stays as it is
  goTo(event.currentTarget, link.getAttribute("href").slice(1));
}

function onKey(event) {
  if (event.key !== "Escape") return;
  for (const term of event.currentTarget.querySelectorAll('.term[aria-expanded="true"]')) {
    close(term, { isLeft: placeOf(term).contains(event.target) });
  }
}

function open(term) {
  const place = placeOf(term);
  const name = document.createElement("strong");
  name.textContent = place.dataset.term;
  place.querySelector("p").replaceChildren(name, `: ${place.dataset.meaning}`);
  place.querySelector(".close").hidden = false;
  place.classList.add("is-open");
  term.setAttribute("aria-expanded", "true");
}

function close(term, { isLeft = true } = {}) {
  const place = placeOf(term);
  place.querySelector("p").replaceChildren();
  place.querySelector(".close").hidden = true;
  place.classList.remove("is-open");
  term.setAttribute("aria-expanded", "false");
  if (isLeft) term.focus(); // where the reader came from
}

function placeOf(term) {
  return term.getRootNode().getElementById(term.getAttribute("aria-controls"));
}

function termOf(element) {
  const place = element.closest(".meaning");
  return place && place.getRootNode().querySelector(`[aria-controls="${place.id}"]`);
}

function goTo(root, id) {
  const target = root.getRootNode().getElementById(id);
  target?.scrollIntoView({ block: "center" });
  target?.focus({ preventScroll: true });
}
