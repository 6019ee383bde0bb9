/**
 * The version of our layer bytes: tar header rules, encoder and block geometry together. It stands in plan and every
 * layer's key. A change of any byte, at any level, is a new number, and golden digests hold it.
 */

export const layerFormat = 1;
