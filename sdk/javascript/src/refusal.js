// The stage's own way of saying no.

export class Refusal extends Error {
  constructor(reason, message, options) {
    super(message, options);
    this.name = 'Refusal';
    this.reason = reason;
  }

  static badConfig(problems) {
    const places = problems.map(({ pointer, text }) => `${JSON.stringify(pointer)}: ${text}`);
    const message = `the config does not fit: ${places.join('; ')}`;
    return new Refusal({ tag: 'bad-config', val: problems }, message);
  }

  static unsupported(text) {
    return new Refusal({ tag: 'unsupported', val: text }, `unsupported: ${text}`);
  }

  static other(code, text, options) {
    return new Refusal({ tag: 'other', val: { code, text } }, `${code}: ${text}`, options);
  }
}
