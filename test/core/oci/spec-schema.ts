/** The specifications' own JSON Schemas, loaded for ajv as the README of the conformance data says. */
import { readdirSync } from 'node:fs';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { conformancePath, readConformanceText } from './conformance-data.ts';

/** A file of the data’s `schemas` folder. */
export type SpecSchema = `${'image' | 'runtime'}-spec/${string}`;

/** Says what the schema finds wrong: nothing, or one line each. */
export function loadSpecSchema(path: SpecSchema): (document: unknown) => string[] {
  const [spec = '', name = ''] = path.split('/');
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  for (const file of readdirSync(conformancePath(`schemas/${spec}`))) {
    if (!file.endsWith('.json')) continue;
    const schema = JSON.parse(readConformanceText(`schemas/${spec}/${file}`), withoutSpecId) as object;
    ajv.addSchema(schema, `https://schemas.test/${file}`);
  }
  const validate = ajv.getSchema(`https://schemas.test/${name}`);
  if (validate === undefined) throw new Error(`no schema ${path}`);
  return (document) => {
    const verdict = validate(document);
    return verdict === true
      ? []
      : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  };
}

/** The ids of the schemas are no places, and those of the image spec are doubled. */
function withoutSpecId(name: string, value: unknown): unknown {
  const isSpecId =
    name === 'id' && typeof value === 'string' && value.startsWith('https://opencontainers.org');
  return isSpecId ? undefined : value;
}
