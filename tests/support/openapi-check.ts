import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';

type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Says what is wrong with an answer, in words; empty when the document allows it. */
export type CheckAnswer = (method: string, path: string, answer: Answer) => readonly string[];

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

const matches = (template: string, path: string): boolean => {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(path);
};

const parseBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Checks answers against an OpenAPI 3.1 document: the operation declares the status, the media type and every header
 * that it requires, and the body is what its schema says.
 */
export const createCheckAnswer = (document: object): CheckAnswer => {
  const api = document as Json;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ ...api, $id: 'api' });
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = (at: string): ValidateFunction => {
    const known = compiled.get(at) ?? ajv.compile({ $ref: `api#/${at}` });
    compiled.set(at, known);
    return known;
  };

  /** Follows a `$ref` and gives the pointer of what it found. */
  const find = (at: string): { readonly at: string; readonly value: Json } => {
    const parts = at.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = parts.reduce<Json>((node, part) => asJson(node[part]), api);
    return typeof value['$ref'] === 'string' ? find(value['$ref'].slice(2)) : { at, value };
  };

  /** A header may belong to one of the errors of a status only, which OpenAPI has no word for. */
  const isRequired = (header: Json, text: string): boolean =>
    header['required'] === true ||
    (header['x-required-with-error'] !== undefined &&
      header['x-required-with-error'] === asJson(parseBody(text))['error']);

  const headerProblems = (declared: Json, responseAt: string, { headers, text }: Answer): readonly string[] =>
    Object.keys(declared).flatMap((name) => {
      const header = find(`${responseAt}/headers/${pointer(name)}`);
      const given = headers.get(name);
      if (given === null) return isRequired(header.value, text) ? [`the header ${name} is missing`] : [];
      const validate = validatorOf(`${header.at}/schema`);
      const isValid: boolean = validate(given);
      return isValid ? [] : [`the header ${name}: ${given} ${ajv.errorsText(validate.errors)}`];
    });

  const bodyProblems = (content: Json, responseAt: string, answer: Answer): readonly string[] => {
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (Object.keys(content).length === 0) return answer.text === '' ? [] : ['a body where none is declared'];
    if (content[type] === undefined) return [`the media type ${type} is not declared`];
    const isJson = type.endsWith('json');
    const validate = validatorOf(`${responseAt}/content/${pointer(type)}/schema`);
    const isValid = validate(isJson ? parseBody(answer.text) : answer.text);
    return isValid ? [] : [`the body: ${ajv.errorsText(validate.errors)}: ${answer.text}`];
  };

  return (method, path, answer) => {
    const template = Object.keys(asJson(api['paths'])).find((it) => matches(it, path));
    if (template === undefined) return [];
    const operation = find(`paths/${pointer(template)}/${method.toLowerCase()}`);
    const responses = asJson(operation.value['responses']);
    // What no operation is declared for is answered 405, and there is no place in the document to say so.
    if (Object.keys(responses).length === 0) return answer.status === 405 ? [] : ['an undeclared method'];
    if (responses[String(answer.status)] === undefined) {
      return [`${method} ${path}: the status ${answer.status} is not declared: ${answer.text}`];
    }
    const response = find(`${operation.at}/responses/${answer.status}`);
    return [
      ...headerProblems(asJson(response.value['headers']), response.at, answer),
      ...bodyProblems(asJson(response.value['content']), response.at, answer),
    ].map((problem) => `${method} ${path} ${answer.status}: ${problem}`);
  };
};
