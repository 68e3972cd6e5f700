// What is shown, in the address of the page: it can be reloaded, kept and shared.

const FIELDS = {
  controller: String, age_months: Number, condition: String, severity: Number, site: String, firmness: Number,
  pushes: (text) => text === "true",
};
const WHO = ["a", "b"];

// Write a value into the address; an address of a file cannot be written.
export function remember(values) {
  if (location.protocol === "file:") return;
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) address.searchParams.set(name, value);
  if (address.href !== location.href) history.replaceState(null, "", address);
}

export function rememberInfants(infants) {
  const told = (choice) => Object.keys(FIELDS).map((name) => choice[name]).join("-");
  remember({ exercise: infants.a.exercise, ...Object.fromEntries(WHO.map((who) => [who, told(infants[who])])) });
}

// The changes that make of infants those of the address, for each whom it names otherwise.
export function changesTo(infants, asked = new URLSearchParams(location.search)) {
  return WHO.flatMap((who) => {
    const texts = asked.get(who)?.split("-") ?? [];
    const wanted = Object.fromEntries(
      Object.entries(FIELDS).flatMap(([name, read], i) => (texts[i] === undefined ? [] : [[name, read(texts[i])]])),
    );
    if (asked.has("exercise")) wanted.exercise = asked.get("exercise");
    const isOther = Object.entries(wanted).some(([name, value]) => infants[who][name] !== value);
    return isOther ? [{ type: "choose", infant: who, ...wanted }] : [];
  });
}
