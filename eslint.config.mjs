/**
 * Typed lint. What the house forbids by word it forbids here by rule: the clock, the locale and the environment in
 * core/, sorting by locale anywhere, long functions, long parameter lists. No rule can be switched off in a file.
 */
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const locale = 'depends on the locale; compare with comparePaths or plain <, and change case by ASCII only';
const zone = 'depends on the time zone; use the UTC method';
const effect = 'core/ decides and touches nothing: take this as an argument, or move the effect to io/';

const localeProperties = [
  'localeCompare',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
].map((property) => ({ property, message: `${property} ${locale}.` }));

const zoneProperties = [
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMinutes',
  'getMonth',
  'getSeconds',
  'getTimezoneOffset',
  'toDateString',
  'toTimeString',
].map((property) => ({ property, message: `${property} ${zone}.` }));

const effects = [
  'Buffer',
  'SharedArrayBuffer',
  'WebSocket',
  'Worker',
  '__dirname',
  '__filename',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'global',
  'globalThis',
  'navigator',
  'performance',
  'process',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
].map((name) => ({ name, message: effect }));

const intl = { name: 'Intl', message: `Intl ${locale}.` };

const localTime = [
  { selector: "NewExpression[callee.name='Date'][arguments.length>1]", message: `This ${zone}: Date.UTC.` },
];

const clock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `The clock: ${effect}.` },
  { selector: "CallExpression[callee.name='Date']", message: `The clock: ${effect}.` },
  { selector: "MetaProperty[meta.name='import']", message: `Where this file stands: ${effect}.` },
];

const booleanParameter = {
  selector: ":function > Identifier.params[typeAnnotation.typeAnnotation.type='TSBooleanKeyword']",
  message: 'A bare true says nothing at the call: take a named object, or make two functions.',
};

export default defineConfig(
  // Two examples and the npm projects are packages of their own, with their own dependencies; assembly/ is
  // AssemblyScript.
  {
    ignores: [
      'dist*/',
      'out/',
      'coverage/',
      '**/node_modules/',
      'examples/node-from-nothing/',
      'examples/node-service/',
      'test/interop/npm/projects/',
      'src/core/deflate/assembly/',
      'src/core/deflate/encoder-wasm.ts',
      'src/io/render/report/page-source.ts',
    ],
  },
  { linterOptions: { noInlineConfig: true } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A string is spread here to walk its code points.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An implementation of an asynchronous interface may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/require-array-sort-compare': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      complexity: ['error', 15],
      eqeqeq: 'error',
      'max-depth': ['error', 4],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      // Control characters are what tar headers and terminals are made of.
      'no-control-regex': 'off',
      'no-restricted-globals': ['error', intl],
      'no-restricted-properties': ['error', ...localeProperties, ...zoneProperties],
      'no-restricted-syntax': ['error', ...localTime, booleanParameter],
    },
  },
  {
    files: ['src/core/**'],
    rules: {
      'no-restricted-globals': ['error', intl, ...effects],
      'no-restricted-properties': [
        'error',
        ...localeProperties,
        ...zoneProperties,
        { object: 'Date', property: 'now', message: `The clock: ${effect}.` },
        { object: 'Math', property: 'random', message: effect },
      ],
      'no-restricted-syntax': ['error', ...localTime, ...clock, booleanParameter],
    },
  },
  {
    // What it gives is for people alone.
    files: ['src/io/render/time-of-day.ts'],
    rules: { 'no-restricted-properties': ['error', ...localeProperties] },
  },
  {
    files: ['test/**', 'scripts/**', 'bench/**', 'examples/**', '*.mjs', '.*.mjs', '*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-undef': 'off',
    },
  },
);
