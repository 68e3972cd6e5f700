// Begins the page of one file: its scripts become an import map, before any of them is loaded.
(async () => {
  const packed = atob(JSON.parse(document.getElementById("scripts").textContent));
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const scripts = Object.entries(JSON.parse(await new Response(plain).text()));
  const imports = Object.fromEntries(
    scripts.map(([name, text]) => [name, `data:text/javascript,${encodeURIComponent(text)}`]),
  );
  const map = document.createElement("script");
  Object.assign(map, { type: "importmap", textContent: JSON.stringify({ imports }) });
  document.head.append(map);
  await import("page/main.js");
})();
