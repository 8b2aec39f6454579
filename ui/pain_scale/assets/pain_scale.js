// Eleven large choices from 0 to 10 that behave as one radio group.
//
// The person's choice goes to the server as {nrs, fill}. `fill` names the value the page
// last filled in: a choice made before a newer fill is an old one, and the server drops it.

const NUMBERS = Array.from({ length: 11 }, (_, number) => number);
const TEN_WITHIN_MS = 1000; // "1" then "0" typed within this time means ten
const drawn = new WeakMap();

export default function painScale({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pain-scale");
  if (!root || !data) return;

  const isNew = !drawn.has(root);
  if (isNew) drawn.set(root, draw(root));
  const scale = drawn.get(root);
  scale.send = choice => setStateValue("choice", choice);

  if (isNew || scale.fill !== data.fill) {
    // Without this the browser would send the overruled choice again with the next run.
    if (!isNew && scale.isOwnChoice) scale.send({ fill: data.fill });
    scale.fill = data.fill;
    scale.nrs = data.nrs;
    scale.isOwnChoice = false;
  }
  scale.data = data;
  show(scale);
}

function draw(root) {
  const scale = { root, nrs: null, typedOneAt: -Infinity, isOwnChoice: false };
  scale.label = add(root, "div", "label", { id: "label" });
  scale.group = add(root, "div", "numbers", {
    role: "radiogroup",
    "aria-labelledby": "label",
    "aria-describedby": "answer",
  });
  scale.words = {};
  scale.targets = NUMBERS.map(number => drawTarget(scale, number));
  scale.answer = add(root, "div", "answer", { id: "answer" });
  scale.answerNumber = add(scale.answer, "span", "answer-number");
  scale.answerWords = add(scale.answer, "span", "answer-words");
  scale.group.addEventListener("keydown", event => onKey(scale, event));
  return scale;
}

function drawTarget(scale, number) {
  const target = add(scale.group, "button", "target", { type: "button", role: "radio" });
  target.dataset.nrs = String(number);
  add(target, "span", "number", { id: `number-${number}` }).textContent = String(number);
  target.setAttribute("aria-labelledby", `number-${number}`);
  target.addEventListener("click", () => choose(scale, number));
  if (number % 5 === 0) {
    scale.words[number] = add(scale.group, "div", "words", { id: `words-${number}` });
    scale.words[number].dataset.nrs = String(number);
    target.setAttribute("aria-labelledby", `number-${number} words-${number}`);
  }
  return target;
}

function add(parent, tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent.appendChild(element);
  return element;
}

function choose(scale, number) {
  if (scale.data.disabled) return;
  if (scale.nrs !== number || !scale.isOwnChoice) {
    scale.nrs = number;
    scale.isOwnChoice = true;
    scale.send({ nrs: number, fill: scale.fill });
  }
  show(scale);
  scale.targets[number].focus();
}

function onKey(scale, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const from = scale.targets.indexOf(event.target);
  const to = numberFor(scale, event, from);
  if (to === null) return;
  event.preventDefault();
  choose(scale, to);
}

function numberFor(scale, event, from) {
  const { key } = event;
  const count = NUMBERS.length;
  if (key === "ArrowRight" || key === "ArrowDown") return (from + 1) % count;
  if (key === "ArrowLeft" || key === "ArrowUp") return (from + count - 1) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!/^[0-9]$/.test(key)) return null;
  const isTen = key === "0" && event.timeStamp - scale.typedOneAt < TEN_WITHIN_MS;
  scale.typedOneAt = key === "1" ? event.timeStamp : -Infinity;
  return isTen ? 10 : Number(key);
}

function show(scale) {
  const { data, nrs } = scale;
  scale.label.textContent = data.label;
  scale.group.setAttribute("aria-disabled", String(Boolean(data.disabled)));
  for (const [number, words] of Object.entries(scale.words)) {
    words.textContent = data.words[number] ?? "";
  }
  scale.targets.forEach((target, number) => {
    target.setAttribute("aria-checked", String(number === nrs));
    target.tabIndex = number === (nrs ?? 0) ? 0 : -1; // one stop in the tab order
    target.disabled = Boolean(data.disabled);
  });
  scale.root.classList.toggle("is-answered", nrs !== null);
  scale.answerNumber.textContent = nrs === null ? "" : String(nrs);
  scale.answerWords.textContent = nrs === null ? data.unanswered : data.answered;
}
