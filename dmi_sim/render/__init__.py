"""One scene description of an infant, drawn in the browser, as SVG and by a camera."""
