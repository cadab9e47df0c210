import { acceptParameter, type RequestLine } from './request-line.js';
import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';

/**
 * Takes the fields of a multipart body as if they stood in the URL: so clients send parameters too long for one.
 *
 * @throws ClickHouseException for a broken body, and for external tables, which the embedded engine cannot take
 */
export async function acceptMultipart(
  line: RequestLine,
  contentType: string,
  body: Buffer,
): Promise<void> {
  let fields: FormData;
  try {
    const headers = { 'content-type': contentType };
    fields = await new Response(new Uint8Array(body), { headers }).formData();
  } catch {
    throw ClickHouseException.of(ErrorCode.BAD_ARGUMENTS, 'The multipart body cannot be read.');
  }
  for (const [name, value] of fields) {
    if (typeof value !== 'string')
      throw ClickHouseException.of(
        ErrorCode.NOT_IMPLEMENTED,
        'Not supported here: external tables.',
      );
    acceptParameter(line, name, value);
  }
}
