// Words in the language of the reader: one file a language, nothing written in scripts or meshes.

let words = {};

export async function speak(language) {
  const embedded = document.getElementById("words");
  words = embedded
    ? JSON.parse(embedded.textContent)[language]
    : await (await fetch(`words/${language}.json`)).json();
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll("[data-words]")) one.textContent = t(one.dataset.words);
  for (const one of document.querySelectorAll("[data-title]")) {
    one.title = t(one.dataset.title);
    one.setAttribute("aria-label", one.title);
  }
  document.title = t("title");
}

// The words of a key, its {gaps} filled; without words the fallback, such as the title of a file.
export function t(key, gaps = {}, fallback = key) {
  const text = words[key] ?? fallback;
  return text.replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);
}

const formats = new Map(); // making one takes longer than all else that a frame needs

export function number(value, digits = 0) {
  const { lang } = document.documentElement;
  const name = `${lang}${digits}`;
  if (!formats.has(name)) {
    formats.set(name, new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return formats.get(name).format(value);
}
