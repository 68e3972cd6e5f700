// What is shown, in the address of the page: it can be reloaded, kept and shared.

// A number, or a word of the command line such as 6m or mild, which the server knows.
const amount = (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text));

const FIELDS = {
  controller: String, age_months: amount, condition: String, severity: amount, site: String, firmness: amount,
  pushes: (text) => text === "true",
};
const WHO = ["a", "b"];

// Write a value into the address; that of a file, or of a page within another, cannot be written.
export function remember(values) {
  if (!location.protocol.startsWith("http")) return;
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null) address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href !== location.href) history.replaceState(null, "", address);
}

export function rememberInfants(infants) {
  const told = (choice) => Object.keys(FIELDS).map((name) => choice[name]).join("-");
  const written = Object.keys(FIELDS).flatMap((name) => [name, ...WHO.map((who) => `${who}.${name}`)]);
  remember(Object.fromEntries(written.map((name) => [name, null]))); // it is in what follows
  remember({ exercise: infants.a.exercise, ...Object.fromEntries(WHO.map((who) => [who, told(infants[who])])) });
}

// The changes that make of infants those of the address, for each whom it names otherwise.
export function changesTo(infants, asked = new URLSearchParams(location.search)) {
  return WHO.flatMap((who) => {
    const texts = asked.get(who)?.split("-") ?? [];
    const wanted = Object.fromEntries(
      Object.entries(FIELDS).flatMap(([name, read], i) => (texts[i] === undefined ? [] : [[name, read(texts[i])]])),
    );
    for (const [name, read] of Object.entries(FIELDS)) { // ?site=hips for both, ?b.condition=cp for one
      const text = asked.get(`${who}.${name}`) ?? asked.get(name);
      if (text !== null) wanted[name] = read(text);
    }
    if (asked.has("exercise")) wanted.exercise = asked.get("exercise");
    const isOther = Object.entries(wanted).some(([name, value]) => infants[who][name] !== value);
    return isOther ? [{ type: "choose", infant: who, ...wanted }] : [];
  });
}
