/**
 * The special blocks of IANA's registries (November 2026), the addresses at which clouds return credentials,
 * and multicast. This is a transcription of its own, in another notation than the library's, so that each can
 * check the other.
 */
export interface SpecialBlock {
  readonly name: string;
  /** `private` blocks are allowed if private networks are. */
  readonly kind: 'private' | 'metadata' | 'special';
  readonly first: string;
  readonly last: string;
}

const blocks = (table: string): SpecialBlock[] =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [kind, first, last, ...name] = line.trim().split(/ +/) as [SpecialBlock['kind'], string, string];
      return { kind, first, last, name: name.join(' ') };
    });

/** In dotted notation. */
export const SPECIAL_IPV4 = blocks(`
  special   0.0.0.0         0.255.255.255    this network, RFC 791
  private   10.0.0.0        10.255.255.255   private use, RFC 1918
  private   100.64.0.0      100.127.255.255  shared address space, RFC 6598
  metadata  100.96.0.96     100.96.0.96      Volcano Engine
  metadata  100.100.100.200 100.100.100.200  Alibaba Cloud
  private   127.0.0.0       127.255.255.255  loopback, RFC 1122
  metadata  168.63.129.16   168.63.129.16    Azure WireServer
  private   169.254.0.0     169.254.255.255  link-local, RFC 3927
  metadata  169.254.0.23    169.254.0.23     Tencent Cloud
  metadata  169.254.42.42   169.254.42.42    Scaleway
  metadata  169.254.169.0   169.254.169.255  metadata of most clouds
  metadata  169.254.170.0   169.254.170.255  credentials of AWS containers
  private   172.16.0.0      172.31.255.255   private use, RFC 1918
  special   192.0.0.0       192.0.0.255      IETF protocol assignments, RFC 6890
  metadata  192.0.0.192     192.0.0.192      Oracle Cloud
  special   192.0.2.0       192.0.2.255      TEST-NET-1, RFC 5737
  special   192.31.196.0    192.31.196.255   AS112-v4, RFC 7535
  special   192.52.193.0    192.52.193.255   AMT, RFC 7450
  special   192.88.99.0     192.88.99.255    6to4 relay anycast and 6a44, RFC 7526 and 6751
  private   192.168.0.0     192.168.255.255  private use, RFC 1918
  special   192.175.48.0    192.175.48.255   direct delegation AS112, RFC 7534
  special   198.18.0.0      198.19.255.255   benchmarking, RFC 2544
  special   198.51.100.0    198.51.100.255   TEST-NET-2, RFC 5737
  special   203.0.113.0     203.0.113.255    TEST-NET-3, RFC 5737
  special   224.0.0.0       239.255.255.255  multicast, RFC 5771
  special   240.0.0.0       255.255.255.255  reserved and limited broadcast, RFC 1112 and 8190
`);

/** Each range, by the first of its 32 hexadecimal digits. */
export const SPECIAL_IPV6 = blocks(`
  special   0                                1                                unassigned
  private   00000000000000000000000000000001 00000000000000000000000000000001 loopback, RFC 4291
  special   4                                e                                unassigned
  special   0064ff9b0001                     0064ff9b0001                     translation of one network, RFC 8215
  special   0100000000000000                 0100000000000001                 discard-only and dummy, RFC 6666 and 9780
  special   20010000                         200101ff                         IETF protocol assignments, RFC 2928
  special   20010000                         20010000                         Teredo, RFC 4380
  special   200100020000                     200100020000                     benchmarking, RFC 5180
  special   2001001                          2001003                          ORCHID and drone ids, RFC 4843, 7343, 9374
  special   20010db8                         20010db8                         documentation, RFC 3849
  special   2002                             2002                             6to4, RFC 3056
  special   2620004f8000                     2620004f8000                     direct delegation AS112, RFC 7534
  special   3fff0                            3fff0                            documentation, RFC 9637
  special   5f00                             5f00                             segment routing SIDs, RFC 9602
  special   f0                               fb                               unassigned
  private   fc                               fd                               unique local, RFC 4193
  metadata  fd000042000000000000000000000042 fd000042000000000000000000000042 Scaleway
  metadata  fd0000c10000000000000000a9fea9fe fd0000c10000000000000000a9fea9fe Oracle Cloud
  metadata  fd000100000000000000000001000200 fd000100000000000000000001000200 Alibaba Cloud
  metadata  fd000ec2                         fd000ec2                         AWS
  metadata  fd00a9fea9fe00000000000000000001 fd00a9fea9fe00000000000000000001 Akamai
  metadata  fd2000ce000000000000000000000254 fd2000ce000000000000000000000254 Google Cloud
  special   fe0                              fe7                              unassigned
  private   fe8                              feb                              link-local, RFC 4291
  metadata  fe8000000000000000000000a9fea9fe fe8000000000000000000000a9fea9fe OpenStack
  special   fec                              fef                              site-local, RFC 3879
  special   ff                               ff                               multicast, RFC 4291
`);

/** Prefixes that contain the IPv4 address that is actually reached. That address decides. */
export const EMBEDDING_IPV4 = {
  mapped: '00000000000000000000ffff',
  nat64: '0064ff9b0000000000000000',
} as const;

export const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

export const toInteger = (quad: string): number =>
  quad.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);

export const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

export function kindsOfIpv4(value: number): SpecialBlock['kind'][] {
  return SPECIAL_IPV4.filter(({ first, last }) => value >= toInteger(first) && value <= toInteger(last)).map(
    ({ kind }) => kind,
  );
}

/** @param digits all 32 digits */
export function kindsOfIpv6(digits: string): SpecialBlock['kind'][] {
  for (const prefix of Object.values(EMBEDDING_IPV4)) {
    if (digits.startsWith(prefix)) return kindsOfIpv4(Number.parseInt(digits.slice(24), 16));
  }
  return SPECIAL_IPV6.filter(({ first, last }) => {
    const start = digits.slice(0, first.length);
    return start >= first && start <= last;
  }).map(({ kind }) => kind);
}

/** Whether an address of these kinds may be reached. `metadata` decides before `private`. */
export function isAllowed(kinds: readonly SpecialBlock['kind'][], privateNetworks = false): boolean {
  if (kinds.includes('metadata')) return false;
  if (kinds.includes('private')) return privateNetworks;
  return kinds.length === 0;
}
