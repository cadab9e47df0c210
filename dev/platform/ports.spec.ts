import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import {
  arrangePorts,
  defaultPorts,
  findFreePorts,
  findSharedPorts,
  findTakenPorts,
} from './ports.js';

describe('ports', () => {
  it('moves all of them with the base and lets single ones differ', () => {
    const ports = arrangePorts(5_000, { postgres: 15_432 });
    expect(ports['ingest-api']).toBe(5_000);
    expect(ports.console).toBe(5_001);
    expect(ports.kafka).toBe(5_092);
    expect(ports.postgres).toBe(15_432);
  });

  it('names what two processes would share', () => {
    const ports = { ...defaultPorts, console: 4_379 };
    expect(findSharedPorts(ports)).toEqual([{ port: 4_379, names: ['console', 'redis'] }]);
    expect(findSharedPorts(defaultPorts)).toEqual([]);
  });

  it('names the taken port, its holder and the option that cures it', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const lines = await findTakenPorts('127.0.0.1', { ...(await findFreePorts()), kafka: port });
    squatter.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`Port ${port}, meant for kafka, is taken by`);
    expect(lines[0]).toContain(`process ${process.pid}`);
    expect(lines[0]).toContain('npm start -- --kafka-port <port>');
  });

  it('hands out each free port once', async () => {
    const ports = [await findFreePorts(), await findFreePorts()].flatMap(Object.values);
    expect(new Set(ports).size).toBe(36);
  });
});
