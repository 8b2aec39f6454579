// A question with large choices, made of the browser's own radio buttons or checkboxes.
//
// The person's choice goes to the server as {chosen, fill}. `chosen` is null for no answer and
// an empty list for "none of these". `fill` names what the page last filled in: a choice made
// before a newer fill is an old one, and the server drops it.

const drawn = new WeakMap();

export default function choices({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".choices");
  if (!root || !data) return;

  const isNew = !drawn.has(root);
  if (isNew) drawn.set(root, draw(root));
  const group = drawn.get(root);
  group.send = choice => setStateValue("choice", choice);

  if (isNew || group.fill !== data.fill) {
    // Without this the browser would send the overruled choice again with the next run.
    if (!isNew && group.isOwnChoice) group.send({ fill: data.fill });
    group.fill = data.fill;
    group.chosen = data.chosen;
    group.isOwnChoice = false;
  }
  describe(group, data);
  show(group);
}

function draw(root) {
  const group = { root, rowsFor: null, isOwnChoice: false };
  group.fieldset = add(root, "fieldset");
  group.legend = add(group.fieldset, "legend");
  group.help = add(group.fieldset, "p", "help");
  group.help.id = "help";
  group.rows = add(group.fieldset, "div", "rows");
  group.clear = add(group.fieldset, "button", "clear");
  group.clear.type = "button";
  group.rows.addEventListener("change", event => onChange(group, event.target));
  group.clear.addEventListener("click", () => {
    choose(group, null);
    group.inputs[0].focus(); // the button is about to vanish under the focus
  });
  return group;
}

function describe(group, data) {
  group.legend.textContent = data.label;
  group.help.textContent = data.help;
  group.help.hidden = !data.help;
  if (data.help) group.fieldset.setAttribute("aria-describedby", "help");
  else group.fieldset.removeAttribute("aria-describedby");
  group.clear.textContent = data.clear;
  group.clear.hidden = !data.clear;

  // Rows are kept while their words are the same, so that a rerun does not take the focus.
  const rowsFor = JSON.stringify([data.none, data.options, data.details]);
  if (rowsFor !== group.rowsFor) drawRows(group, data);
  group.rowsFor = rowsFor;
}

function drawRows(group, data) {
  group.rows.replaceChildren();
  group.none = data.none ? addRow(group, "checkbox", "", data.none, "row none") : null;
  const type = data.none ? "checkbox" : "radio";
  group.details = [];
  group.answers = data.options.map(([id, words]) => {
    const input = addRow(group, type, id, words, "row");
    if (data.details[id]) addDetail(group, input, data.details[id]);
    return input;
  });
  group.inputs = group.none ? [group.none, ...group.answers] : group.answers;
}

function addRow(group, type, id, words, className) {
  const row = add(group.rows, "label", className);
  const input = add(row, "input");
  input.type = type;
  input.name = "choice"; // groups the radio buttons; the shadow root keeps questions apart
  input.value = id;
  add(row, "span", "words").textContent = words;
  return input;
}

// What to do about a ticked row stands right under it, without waiting for the server.
function addDetail(group, input, words) {
  const place = add(group.rows, "div", "detail");
  place.setAttribute("role", "alert"); // read out when the words arrive
  group.details.push({ input, place, words });
}

function add(parent, tag, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  parent.appendChild(element);
  return element;
}

function onChange(group, input) {
  if (input === group.none) return choose(group, input.checked ? [] : null);
  const ticked = group.answers.filter(answer => answer.checked).map(answer => answer.value);
  choose(group, ticked.length > 0 ? ticked : null);
}

function choose(group, chosen) {
  group.chosen = chosen;
  group.isOwnChoice = true;
  group.send({ chosen, fill: group.fill });
  show(group);
}

function show(group) {
  const { chosen } = group;
  for (const input of group.answers) input.checked = chosen?.includes(input.value) ?? false;
  if (group.none) group.none.checked = chosen?.length === 0;
  for (const { input, place, words } of group.details) {
    const shown = input.checked ? words : "";
    if (place.textContent !== shown) place.textContent = shown;
  }
  group.root.classList.toggle("is-answered", chosen !== null);
}
