/** The runtime spec's own JSON Schemas, loaded for ajv as the README of the conformance data says. */
import { readdirSync } from 'node:fs';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { conformancePath, readConformanceText } from './conformance-data.ts';

/** Says what a schema such as `config-schema.json` finds wrong: nothing, or one line each. */
export function loadRuntimeSchema(name: string): (document: unknown) => string[] {
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const file of readdirSync(conformancePath('schemas/runtime-spec'))) {
    if (!file.endsWith('.json')) continue;
    const schema = JSON.parse(readConformanceText(`schemas/runtime-spec/${file}`)) as Record<string, unknown>;
    delete schema['id'];
    ajv.addSchema(schema, `https://schemas.test/${file}`);
  }
  const validate = ajv.getSchema(`https://schemas.test/${name}`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return (document) => {
    const verdict = validate(document);
    return verdict === true
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}
