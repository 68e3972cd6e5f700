// Recordings: films of some of them side by side, each in the colour of its shirt, moved through at will.

import { fill } from "./pane.js";
import { number, t } from "./words.js";

const find = (id) => document.getElementById(id);
const LETTERS = "abcdef";
const DEG_PER_PX = 0.4;

export class Replay {
  constructor(film, act, turn) {
    Object.assign(this, { act, turn, hz: film.hz, at: 0 });
    const parts = film.films.map(({ title, takes }) => partOf(title, takes.map((index) => film.takes[index])));
    this.film = { hz: film.hz, lessons: parts };
    document.body.classList.add("replay");
    find("context").dataset.words = "context.recorded";
    find("scrub").hidden = false;
    find("films").hidden = parts.length < 2;
    find("watched").onchange = (event) => act({ type: "lesson", place: Number(event.target.value) });
    find("moment").oninput = (event) => act({ type: "seek", step: Number(event.target.value) });
    find("moment").onpointerup = (event) => event.target.blur(); // keys are for the film again
    fill(find("watched"), parts.map(({ title }, index) => [index, title]));
    find("watched").value = 0;
    this.show();
  }

  // In the language of the page.
  show() {
    find("context").textContent = t("context.recorded");
    for (const pane of Object.values(this.panes ?? {})) pane.name();
  }

  // Titles and colours of the infants of a film; gives the colours of their lines.
  seat(panes, { takes, frames }) {
    this.panes = panes;
    for (const [who, take] of Object.entries(takes)) {
      panes[who].entitle(take.title, colourOf(take));
      turning(panes[who].view, this.turn);
    }
    find("moment").max = frames.length - 1;
    this.show();
    return Object.fromEntries(Object.entries(takes).map(([who, take]) => [who, colourOf(take)]));
  }

  tell({ step, time_s: time }) {
    this.at = step;
    find("moment").value = step;
    find("moment").ariaValueText = find("clock").textContent = t("seconds", { n: number(time, 1) });
  }

  move(steps) {
    this.act({ type: "seek", step: this.at + steps });
  }
}

// A drag turns all infants alike.
function turning(view, turn) {
  view.onpointerdown = (event) => view.setPointerCapture(event.pointerId);
  view.onpointermove = (event) => event.buttons && turn(event.movementX * DEG_PER_PX, event.movementY * DEG_PER_PX);
}

const colourOf = (take) => take.scene.colours.shirt;

// A film as the source plays it; whoever's recording is over stays as it ended.
function partOf(title, chosen) {
  const takes = Object.fromEntries(chosen.map((take, index) => [LETTERS[index], take]));
  const length = Math.max(...chosen.map(({ frames }) => frames.length));
  const frames = Array.from({ length }, (_, step) => {
    const seen = Object.entries(takes).map(([who, take]) => [who, frameOf(take, step)]);
    return {
      step,
      time_s: Math.max(...seen.map(([, { time_s: time }]) => time)),
      infants: Object.fromEntries(seen.map(([who, { infant, time_s }]) => [who, { ...infant, time_s }])),
      sentence: { key: "recorded", numbers: {} },
    };
  });
  const scenes = Object.entries(takes).map(([who, { scene }]) => ({ ...scene, infant: who }));
  return { title, takes, scenes, frames, setup: {} };
}

function frameOf({ frames, ending }, step) {
  if (step < frames.length - 1) return frames[step];
  const last = frames.at(-1);
  return { ...last, infant: { ...last.infant, ending, isOver: step >= frames.length } };
}
