import { describe, expect, it } from '@jest/globals';
import { isAllowedAddress } from './check-address.js';

describe('an address that an attempt may connect to', () => {
  it.each([
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '168.63.129.17',
    '166.12.0.1',
    '2606:2800:21f:cb07:6820:80da:af6b:8b2c',
    '::ffff:8.8.8.8',
  ])('%s is public', (address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([
      true,
      true,
    ]);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::1',
    'fd00::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:10.1.2.3',
    '::127.0.0.1',
  ])('%s is private: only where the owner allows it', (address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([
      false,
      true,
    ]);
  });

  it.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, cloud metadata', '169.254.169.254'],
    ['the same, mapped', '::ffff:169.254.169.254'],
    ['the same, mapped in hexadecimal', '::ffff:a9fe:a9fe'],
    ["Azure's WireServer", '168.63.129.16'],
    ['the same, mapped', '::ffff:168.63.129.16'],
    ["Alibaba Cloud's metadata", '100.100.100.200'],
    ["Oracle Cloud's metadata", '192.0.0.192'],
    ["IBM Cloud's services", '161.26.0.10'],
    ["IBM Cloud's services", '166.11.255.255'],
    ["AWS's metadata", 'fd00:ec2::254'],
    ["AWS's pod identity", 'fd00:ec2::23'],
    ["Google Cloud's metadata", 'fd20:ce::254'],
    ["Oracle Cloud's metadata", 'fd00:c1::a9fe:a9fe'],
    ["Scaleway's metadata", 'fd00:42::42'],
    ['protocol assignments', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['IPv4-compatible', '::808:808'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::7f00:1'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['link-local', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['discard', '100::1'],
    ['unassigned', '4000::1'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('%s is never allowed: %s', (_, address) => {
    expect([isAllowedAddress(address, false), isAllowedAddress(address, true)]).toEqual([
      false,
      false,
    ]);
  });
});
