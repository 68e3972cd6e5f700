// Lessons that follow each other, and the page for notes: what was asked, guessed and seen, and a
// place to write, kept in the browser and printed.

import { t } from "./words.js";

const find = (id) => document.getElementById(id);
const place = (lesson) => `dmi_sim notes ${lesson.name}`;

function element(tag, attributes = {}, ...children) {
  const one = Object.assign(document.createElement(tag), attributes);
  one.append(...children);
  return one;
}

export class Lecture {
  constructor(film, gate, act) {
    Object.assign(this, { gate, lessons: film.lessons.map((one) => one.lesson), seen: new Map() });
    gate.told = () => this.seen.set(gate.lesson.name, { guess: gate.guess, outcome: gate.outcome });
    find("lecture").hidden = this.lessons.length < 2;
    find("lesson").onchange = () => act({ type: "lesson", place: Number(find("lesson").value) });
    find("gate-next").onclick = () => act({ type: "lesson", place: gate.lesson.place + 1 });
    find("notes-open").onclick = () => this.open();
    find("notes-close").onclick = () => (find("notes").hidden = true);
    find("notes-print").onclick = () => print();
  }

  words(lesson) {
    return lesson.words[document.documentElement.lang] ?? lesson.words.en;
  }

  // In the language of the page.
  show() {
    const titles = this.lessons.map((one, index) => new Option(`${index + 1}. ${this.words(one).title}`, index));
    find("lesson").replaceChildren(...titles);
    find("lesson").value = this.gate.lesson?.place ?? 0;
    if (!find("notes").hidden) this.open();
  }

  open() {
    find("notes-list").replaceChildren(...this.lessons.map((one, index) => this.note(one, index)));
    find("notes").hidden = false;
  }

  note(lesson, index) {
    const words = this.words(lesson);
    const seen = this.seen.get(lesson.name);
    const guess = seen && t("guessed", { guess: words.guesses?.[seen.guess] ?? t(`guess.${seen.guess}`) });
    const lines = seen ? [guess, seen.outcome, words.evidence] : [];
    const field = element("textarea", { rows: 3, value: kept(lesson) });
    field.setAttribute("aria-label", `${t("notes")}: ${words.title}`);
    field.oninput = () => keep(lesson, field.value);
    const paragraphs = lines.map((line) => element("p", { textContent: line }));
    return element("article", {}, element("h3", { textContent: `${index + 1}. ${words.title}` }),
      element("p", { textContent: words.question }), ...paragraphs, field);
  }
}

// A browser may keep nothing for files; notes then last as long as the page.
function kept(lesson) {
  try {
    return localStorage.getItem(place(lesson)) ?? "";
  } catch {
    return lesson.note ?? "";
  }
}

function keep(lesson, text) {
  lesson.note = text;
  try {
    localStorage.setItem(place(lesson), text);
  } catch { /* it is still in the page */ }
}
