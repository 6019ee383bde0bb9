/** The value of an option, written in either way, for errors that end a command before its arguments are parsed. */
export function optionAsked(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  const argument = argv[at];
  return argument === name ? argv[at + 1] : argument?.slice(name.length + 1);
}
