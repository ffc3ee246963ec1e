import { diagnostic } from '../../diagnostics/define.js';

export const INVALID_MINIMUM_SIZE = diagnostic<{ value: string }>({
  code: 'GWC2361', severity: 'error',
  message: () => 'invalid minimum compression size, must be between 0 and 10485760',
  hint: ({ value }) => `'${value}' is none: write a whole number of bytes, or null to compress nothing`,
  help: 'x-amazon-apigateway-minimum-compression-size is the size in bytes from which answers are compressed for clients that send Accept-Encoding: gzip or deflate. 0 compresses every answer. With it, requests with Content-Encoding: gzip or deflate are decoded before validation and mapping; other codings are answered 415. Write a whole number up to 10485760, or remove it to compress nothing.',
});

export const HTTP_API_HAS_NO_COMPRESSION = diagnostic({
  code: 'GWC2362', severity: 'warning',
  message: () => 'HTTP APIs do not compress: x-amazon-apigateway-minimum-compression-size does nothing',
  hint: () => 'remove it, or build a REST API (--flavour rest)',
  help: 'Compression of payloads is a feature of REST APIs. HTTP APIs pass Accept-Encoding to the backend and its answer to the client. Remove it, or build a REST API: `x-gwc-flavour: rest`.',
});
