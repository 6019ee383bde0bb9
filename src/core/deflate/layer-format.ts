/**
 * The version of our layer bytes: tar header rules, encoder and block geometry together. It stands in lock, plan and
 * every layer's key. Format 0 is never released; a change of any byte under a released format is a new number.
 */

export const layerFormat = 0;
