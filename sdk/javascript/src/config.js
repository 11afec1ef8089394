// From the config's JSON to a value that fits the schema, or to problems with their pointers.

import { Validator } from '@cfworker/json-schema';
import { inBounds } from './text.js';

export const PROBLEMS_MAX = 100;

/** Keywords that only say that something inside is wrong, which is told by itself. */
const WRAPPERS = new Set([
  '$ref', 'additionalProperties', 'allOf', 'dependentSchemas', 'else', 'if', 'items',
  'patternProperties', 'prefixItems', 'properties', 'propertyNames', 'then',
  'unevaluatedItems', 'unevaluatedProperties',
]);

/**
 * Makes a reader of configs that fit a schema of JSON Schema 2020-12.
 * @returns {(json: string) => { config?: unknown, problems: { pointer: string, text: string }[] }}
 */
export function reader(schema) {
  const validator = new Validator(schema, '2020-12', false);
  return (json) => {
    let config;
    try {
      config = JSON.parse(json);
    } catch (error) {
      return { problems: [problem('', `the config is not JSON: ${error.message}`)] };
    }
    const { valid, errors } = validator.validate(config);
    if (valid) return { config, problems: [] };
    const told = errors.filter(({ keyword }) => !WRAPPERS.has(keyword));
    return { problems: (told.length > 0 ? told : errors).slice(0, PROBLEMS_MAX).map(problemOf) };
  };
}

/** The validator's locations are fragments of an address: `#/a%20b`. */
function problemOf({ instanceLocation, keyword, error }) {
  const text = keyword === 'false' ? 'there is no such setting' : error;
  return problem(decodeURI(instanceLocation.slice(1)), text);
}

/** A problem within the contract's bounds. */
export function problem(pointer, text) {
  return { pointer: inBounds(pointer), text: inBounds(text) };
}
