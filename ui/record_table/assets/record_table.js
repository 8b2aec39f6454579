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
  listenAnywhere(root, table, data.keysFromAnywhere);

  // An unchanged table is left alone, so that a rerun takes neither focus nor time.
  const { returnTo, keysFromAnywhere, ...shown } = data;
  const content = JSON.stringify(shown);
  if (table.content === content) return;
  const isFirst = table.content === undefined;
  table.content = content;
  const focusedId = isFirst ? returnTo : root.getRootNode().activeElement?.closest("tr")?.dataset.id;
  root.replaceChildren(draw(data));
  const focused = focusedId && openers(root).find(each => rowOf(each).dataset.id === focusedId);
  if (focused) focusWhenShown(root, focused);
}

// The script is often there before the style that shows the table, and what is hidden takes no focus.
function focusWhenShown(root, opener) {
  opener.focus();
  if (root.getRootNode().activeElement === opener) return;
  const waiting = new ResizeObserver(() => {
    if (root.offsetHeight === 0) return;
    waiting.disconnect();
    opener.focus();
  });
  waiting.observe(root);
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
  if (kind === "spark" && value !== "") return spark(value);
  // bdi: a name written from right to left must not turn its neighbours around.
  const longest = Math.max(...value.split("\n").map(line => line.length));
  const text = element("bdi", longest > SHORT ? "value" : "value is-short", {}, value);
  if (kind !== "flag" || value === "") return text;
  const flag = element("span", "flag");
  const shape = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  shape.append(svg("path", { d: "M8 1 16 15H0Z" }));
  const [head, ...rest] = value.split("\n");
  text.replaceChildren(element("span", "head", {}, head), ["", ...rest].join("\n"));
  flag.append(shape, text);
  return flag;
}

// A line of pain on a scale that is the same for everybody: 0 at the foot, 10 at the top.
const STEP = 3;
const TOP = 3;
const FOOT = 32;
const HEIGHT = 40;

function spark([said, places, pains]) {
  const cell = element("span", "spark");
  const drawing = svg("svg", {
    viewBox: `0 0 ${places * STEP} ${HEIGHT}`, width: places * STEP, height: HEIGHT,
    "aria-hidden": "true",
  });
  const at = index => (places - pains.length + index + 0.5) * STEP;
  const up = pain => FOOT - (pain / 10) * (FOOT - TOP);
  let line = "";
  pains.forEach((pain, index) => {
    if (pain === null) {
      // A day without a report is a stroke below the scale; no line leads across it.
      drawing.append(svg("path", { class: "missing", d: `M${at(index)} ${FOOT + 3}v4` }));
      return;
    }
    const isAlone = isMissing(pains[index - 1]) && isMissing(pains[index + 1]);
    const isLast = pains.slice(index + 1).every(isMissing);
    if (isAlone || isLast) {
      drawing.append(svg("circle", { cx: at(index), cy: up(pain), r: isLast ? 2.5 : 1.25 }));
    }
    line += `${isMissing(pains[index - 1]) ? "M" : "L"}${at(index)} ${up(pain)}`;
  });
  drawing.prepend(svg("path", { class: "line", d: line || "M0 0" }));
  const newest = pains.findLast(pain => pain !== null);
  cell.append(drawing, element("span", "unseen", {}, said));
  if (newest !== undefined) {
    cell.append(element("span", "newest", { "aria-hidden": "true" }, String(newest)));
  }
  return cell;
}

function isMissing(pain) {
  return pain === null || pain === undefined;
}

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
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

// Letters that are typed, or that choose from an open list, are never taken from where they go.
const TAKES_LETTERS = "input, textarea, select, iframe, [contenteditable]:not([contenteditable='false']), " +
  "[role=textbox], [role=searchbox], [role=combobox], [role=listbox], [role=menu], [role=tree], [role=application], " +
  "[role=dialog], dialog";

function listenAnywhere(root, table, isOn) {
  table.anywhere ??= event => {
    // The page may have taken the table away; drawn again, it listens anew.
    if (root.isConnected) onKeyAnywhere(root, event);
    else removeEventListener("keydown", table.anywhere);
  };
  if (isOn) addEventListener("keydown", table.anywhere);
  else removeEventListener("keydown", table.anywhere);
}

function onKeyAnywhere(root, event) {
  if (event.key !== "j" && event.key !== "k") return;
  if (event.defaultPrevented || event.isComposing || hasModifier(event)) return;
  // The path leads out of shadow trees, where the target alone would be their host.
  const path = event.composedPath().filter(each => each instanceof Element);
  if (path.includes(root) || path.some(each => each.matches(TAKES_LETTERS))) return;
  // What lies over the page keeps its keys, wherever the focus is.
  if (document.querySelector("dialog[open], [role=dialog], [role=listbox], [role=menu]")) return;
  const [first] = openers(root);
  if (!first) return;
  event.preventDefault();
  first.focus();
}

function hasModifier(event) {
  return event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
}

function onKey(root, event) {
  if (hasModifier(event)) return;
  const all = openers(root);
  const from = all.indexOf(event.target);
  if (from < 0) return;
  const down = Math.min(from + 1, all.length - 1);
  const up = Math.max(from - 1, 0);
  const to = {
    ArrowDown: down,
    ArrowUp: up,
    j: down,
    k: up,
    Home: 0,
    End: all.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault(); // else the page would scroll as well
  all[to].focus();
}
