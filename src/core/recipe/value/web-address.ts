/** URLs in a recipe: of files that are fetched. Only their form is looked at; what may be asked is for io/download. */

/** Whether a text is a URL of the web and no path: a file of the context may be called anything else. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
