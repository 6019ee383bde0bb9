/** URLs in a recipe: of files that are fetched. Only their form is looked at; what may be asked is for io/download. */

/** Whether a text is a URL of the web and no path: a file of the context may be called anything else. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** What is wrong with a URL, as a sentence for people; undefined where nothing is. */
export function urlProblem(text: string): string | undefined {
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (!isUrl(text)) return 'it does not begin with https://';
  if (/[\s\p{Cc}\\]/u.test(text)) return 'it holds a blank or a control character';
  if (authority.includes('@'))
    return 'it holds a user name or a password, which everybody who reads the recipe would see';
  if (!/^(?:\[[0-9a-f:.]+\]|[^:[\]]+)(?::\d{1,5})?$/i.test(authority)) return 'it names no host';
  return text.includes('#') ? 'it has a fragment, which no server is sent' : undefined;
}

/** The last component of a URL's path, decoded; undefined where it has none that could be a file's name. */
export function nameInUrl(url: string): string | undefined {
  const [, path = ''] = /^https?:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? [];
  const name = decoded(path.slice(path.lastIndexOf('/') + 1));
  return name === undefined || /^\.{0,2}$/.test(name) || /[/\0]/.test(name) ? undefined : name;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
