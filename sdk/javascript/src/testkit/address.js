// Web addresses in what a debtor reads: they come from the host's placeholders alone.

const SCHEME = /(?<![\p{L}\p{N}])(?:https?|mailto|javascript|data|tel|sms):\S/u;
const WORDS = /[\p{L}\p{N}\-._@:/?#]+/gu;
const HOST = /[^.]\.\p{L}{2,}(?![\p{L}\p{N}])/u;

/** Which texts of a message have a web address, in words. */
export function addressFindings({ content, variables }) {
  const texts = [...variables];
  if (content.tag === 'inline') texts.push(...Object.entries(content.val));
  return texts
    .filter(([, text]) => hasAddress(text))
    .map(([name]) => `${name} has a web address`);
}

function hasAddress(text) {
  const plain = text.toLowerCase().replace(/\{\{.*?\}\}/gs, '0');
  if (SCHEME.test(plain)) return true;
  return [...plain.matchAll(WORDS)].some(
    ([word]) =>
      word.includes('://') ||
      word.startsWith('www.') ||
      word.split(/[/?#:@]/).some((name) => HOST.test(name)),
  );
}
