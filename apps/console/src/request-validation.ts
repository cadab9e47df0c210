import {
  type ArgumentMetadata,
  type PipeTransform,
  type ValidationError,
  ValidationPipe,
} from '@nestjs/common';
import { ApiError, type ErrorDetail } from '#http';

/** Bodies and queries become their DTOs; what a DTO does not name is refused, never taken over. */
export class RequestValidation implements PipeTransform {
  private readonly validation = new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => refusalOf(errors),
  });

  transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // class-validator lets null, lists and plain values pass.
    if (
      metadata.type === 'body' &&
      (typeof value !== 'object' || value === null || Array.isArray(value))
    )
      throw new ApiError(400, 'invalid_request', 'the body must be a JSON object');
    return this.validation.transform(value, metadata);
  }
}

function refusalOf(errors: ValidationError[]): ApiError {
  const details = errors.flatMap((error) => detailsOf(error, ''));
  const [first] = details;
  const message = first ? `${first.field} ${first.message}` : 'the request is not understood';
  return new ApiError(400, 'invalid_request', message, details);
}

function detailsOf(
  { property, constraints, children }: ValidationError,
  path: string,
): ErrorDetail[] {
  const field = path + property;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'is unknown' : withoutName(message, property),
  }));
  return [...own, ...(children ?? []).flatMap((child) => detailsOf(child, `${field}.`))];
}

/** class-validator begins its messages with the property's name, which stands in `field` already. */
function withoutName(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
