// Skin and hair of the infants, three of many; by eye.

export const TONES = {
  1: {},
  2: { skin: "#b9805a", cheek: "#c4694f", mouth: "#97474b", hair: "#2e211b" },
  3: { skin: "#7d5239", cheek: "#93503f", mouth: "#7c3a3f", hair: "#1d1613" },
};
