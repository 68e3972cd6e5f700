// The pane of one infant: who it is, the sites for hands over its body, four numbers.

import { Pull } from "./pull.js";
import { number, t } from "./words.js";

const REACH_PX = 26; // of a finger from the hands that it drags
const PATIENCE_MS = 1500;
const SLIP_PX = 8; // that a finger may move while it taps
const SEVERITIES = [0.25, 0.5, 0.75, 1];

function element(tag, attributes = {}, ...children) {
  const one = Object.assign(document.createElement(tag), attributes);
  one.append(...children);
  return one;
}

export class Pane {
  constructor(who, act) {
    this.root = element("section", { className: "infant" });
    this.root.dataset.infant = who;
    Object.assign(this, { who, act, sites: new Map(), held: "none" });
    this.controller = element("select");
    this.condition = element("select");
    this.severity = element("select");
    this.age = element("select");
    const letter = element("span", { className: "letter", textContent: who.toUpperCase() });
    this.choices = element("div", { className: "choices" }, this.controller, this.age, this.condition, this.severity);
    const bar = element("div", { className: "who" }, letter, this.choices);
    this.view = element("div", { className: "view" });
    this.label = element("p", { className: "label", hidden: true });
    this.pale = element("p", { className: "label pale", hidden: true });
    this.ending = element("p", { className: "label ending", hidden: true });
    this.view.append(this.label, this.pale, this.ending);
    this.values = Object.fromEntries(["hands", "lean", "head", "time"].map((name) => [name, element("dd")]));
    this.names = Object.fromEntries(Object.keys(this.values).map((name) => [name, element("dt")]));
    const rows = Object.keys(this.values).map((name) => element("div", {}, this.names[name], this.values[name]));
    this.numbers = element("dl", { className: "numbers" }, ...rows);
    this.root.append(bar, this.view, this.numbers);
    const choose = (change) => act({ type: "choose", infant: who, ...change });
    this.controller.onchange = () => choose({ controller: this.controller.value });
    this.condition.onchange = () => choose({ condition: this.condition.value });
    this.severity.onchange = () => choose({ severity: Number(this.severity.value) });
    this.age.onchange = () => choose({ age_months: Number(this.age.value) });
    this.pull = new Pull(this, act);
    this.drags();
  }

  // All that can be chosen, in the language of the page.
  offer(choices) {
    fill(this.controller, choices.controllers.map((name) => [name, t(`controller.${name}`)]));
    fill(this.condition, choices.conditions.map((one) => [one.name, t(`condition.${one.name}`, {}, one.title)]));
    fill(this.severity, SEVERITIES.map((one) => [one, t(`severity.${one}`)]));
    fill(this.age, Array.from({ length: 25 }, (_, month) => [month, t("months", { n: month })]));
    this.name();
    const named = { controller: this.controller, condition: this.condition, severity: this.severity, age: this.age };
    for (const [name, select] of Object.entries(named)) {
      select.setAttribute("aria-label", `${this.who.toUpperCase()}: ${t(`choose.${name}`)}`);
    }
    for (const [site, dot] of this.sites) dot.lastChild.textContent = t(`site.${site}`, {}, site);
    this.pale.textContent = t("ghost");
  }

  // What is said of an infant, in the language of the page.
  name() {
    for (const [name, dt] of Object.entries(this.names)) dt.textContent = t(`number.${name}`);
    this.root.setAttribute("aria-label", t("infant", { who: this.who.toUpperCase() }));
  }

  // A title in place of who the infant is, and the colour of its shirt.
  entitle(title, colour) {
    this.choices.replaceWith(element("h2", { className: "title", textContent: title }));
    this.root.style.setProperty("--who", colour);
    this.root.style.setProperty("--on-who", isPale(colour) ? "#000" : "#fff");
  }

  show(choice) {
    this.controller.value = choice.controller;
    this.condition.value = choice.condition;
    this.severity.value = SEVERITIES.reduce((best, one) =>
      Math.abs(one - choice.severity) < Math.abs(best - choice.severity) ? one : best);
    this.severity.hidden = choice.condition === "typical";
    const age = Math.round(choice.age_months);
    this.age.value = age;
    this.firmness = choice.firmness;
  }

  // Dots for the sites that this infant's exercise knows.
  place(scene) {
    for (const dot of this.sites.values()) dot.remove();
    this.grips = scene.grips;
    this.sites = new Map(scene.grips.map(({ site }) => {
      const dot = element("button", { className: "site", type: "button", tabIndex: -1 }, element("span"));
      dot.lastChild.textContent = t(`site.${site}`, {}, site);
      dot.onclick = () => this.hold(site);
      dot.dataset.site = site;
      this.view.append(dot);
      return [site, dot];
    }));
    this.mark(this.held);
  }

  mark(site) {
    this.held = site;
    for (const [name, dot] of this.sites) dot.classList.toggle("held", name === site);
  }

  hold(site) {
    this.act(site === "none"
      ? { type: "let_go", infant: this.who }
      : { type: "hold", infant: this.who, site, firmness: this.firmness || 1 });
    this.expect(site);
  }

  // Mark a site at once, before the server has told of it; what comes late from before does not count.
  expect(site) {
    if (document.body.matches(".follows, .film")) return;
    this.mark(site);
    this.expected = { site, until: performance.now() + PATIENCE_MS };
  }

  // Move the dots to where the sites are seen.
  follow(stage, body) {
    Object.assign(this, { stage, body });
    this.pull.draw();
    for (const { site, points } of this.grips ?? []) {
      const seen = points
        .map(([frame, x, y, z]) => body.point(frame, x, y, z))
        .filter(Boolean)
        .map((point) => stage.seen(this.who, point));
      if (!seen.length) continue;
      const nearest = seen.reduce((best, one) => (one.depth < best.depth ? one : best));
      const dot = this.sites.get(site);
      dot.at = nearest;
      dot.style.transform = `translate(${nearest.x.toFixed(1)}px, ${nearest.y.toFixed(1)}px)`;
    }
  }

  // Hands are dragged along the body and take hold at the nearest site; any other part is pulled.
  drags() {
    let [dragging, from] = [null, null];
    const begin = (event) => {
      if (!dragging && !this.pull.begin(this.stage, this.body, from)) return (from = null);
      this.view.setPointerCapture(event.pointerId); // so that a dot below is not tapped at the end
      this.root.classList.add("dragging");
    };
    this.view.onpointerdown = (event) => {
      if (!this.stage || document.body.matches(".follows, .film")) return;
      from = this.placeOf(event);
      const near = this.nearest(event);
      dragging = near?.site === this.held && near.distance < REACH_PX ? near.site : null;
      if (!event.target.matches(".site:not(.held)")) begin(event);
      if (from) event.preventDefault();
    };
    this.view.onpointermove = (event) => {
      if (!from) return;
      const at = this.placeOf(event);
      const isTap = !this.pull.taken && !dragging && Math.hypot(at.x - from.x, at.y - from.y) < SLIP_PX;
      if (!isTap && !this.pull.taken && !dragging) begin(event);
      this.pull.move(at);
      const near = dragging && this.nearest(event);
      if (near && near.site !== dragging) this.hold((dragging = near.site));
    };
    this.view.onpointerup = this.view.onpointercancel = this.view.onlostpointercapture = () => {
      [dragging, from] = [null, null];
      this.pull.end();
      this.root.classList.remove("dragging");
    };
  }

  placeOf(event) {
    const box = this.view.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  nearest(event) {
    const { x, y } = this.placeOf(event);
    let best = null;
    for (const [site, dot] of this.sites) {
      if (!dot.at) continue;
      const distance = Math.hypot(x - dot.at.x, y - dot.at.y);
      if (!best || distance < best.distance) best = { site, distance };
    }
    return best;
  }

  tell(seen, time) {
    const { hands, lean, head } = this.values;
    this.ending.hidden = !seen.ending;
    this.ending.textContent = seen.ending ? t(`ending.${seen.ending}`) : "";
    hands.textContent = `${number(seen.support_force_n)} N`;
    hands.title = t("percent_of_weight", { n: number(100 * Math.max(0, seen.support_share)) });
    lean.textContent = `${number((seen.upright_rad * 180) / Math.PI)}°`;
    head.textContent = `${number(100 * seen.head_height_m)} cm`;
    const down = seen.fell_at_s !== null;
    this.values.time.textContent = down ? `${number(seen.fell_at_s, 1)} s` : `${number(seen.time_s ?? time, 1)} s`;
    this.names.time.textContent = t(down ? "number.down" : "number.time");
    this.values.time.parentElement.classList.toggle("down", down);
    const { site, until } = this.expected ?? {};
    if (seen.site === site || !(performance.now() < until)) this.expected = null;
    if (!this.expected && seen.site !== this.held) this.mark(seen.site);
  }
}

// Whether black is read on a colour #rrggbb more easily than white.
function isPale(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18;
}

export function fill(select, options) {
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  select.value = chosen;
}
