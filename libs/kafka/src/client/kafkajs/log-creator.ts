import kafkajs, { type logCreator, type logLevel } from 'kafkajs';
import { type Logger } from '#platform';

/**
 * What kafkajs calls an error although it repeats the request and succeeds: a coordinator that is loading or moving,
 * a group that rebalances, a broker that is away. What lasts is reported by those who wait for it.
 */
const PASSING =
  /coordinator|rebalanc|member|connection|not connected|leader|limiting retries|crash|restart|failed to send|topic-partition/i;

/** The least that kafkajs needs to format: its own debug lines cost on every request. */
export function kafkaLogLevel(logger: Logger): logLevel {
  return logger.isLevelEnabled('debug') ? kafkajs.logLevel.INFO : kafkajs.logLevel.WARN;
}

/** Sends the lines of kafkajs to our log. Its errors are our warnings: whether one is an error, the caller knows. */
export function kafkaLogCreator(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, ...extra } }) => {
      const passing = PASSING.test(`${message} ${String(extra['error'] ?? '')}`);
      const line = `kafkajs ${namespace}: ${message}`;
      if (level === kafkajs.logLevel.ERROR && !passing) logger.warn(extra, line);
      else logger.debug(extra, line);
    };
}
