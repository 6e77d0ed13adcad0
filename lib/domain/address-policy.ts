import {
  blockContains,
  embeddedIpv4,
  parseIpAddress,
  parseIpBlock,
  type IpAddress,
  type IpBlock,
} from './ip-address.js';
import { AllowedHosts, type AllowedHost } from './allowed-hosts.js';
import { InvalidWebhooksOptionError } from './webhooks.error.js';

/** Where webhooks may be sent besides public https destinations. */
export interface NetworkRules {
  /** Allow `http:` URLs. */
  readonly allowHttp: boolean;
  /** Allow loopback, RFC 1918, CGNAT, link-local and unique local addresses, and the names that lead to them. */
  readonly allowPrivateNetworks: boolean;
  /**
   * Single addresses or CIDR blocks that are allowed although they are not public. A metadata address is refused all
   * the same.
   */
  readonly allowedAddresses: readonly string[];
  /**
   * Names that are allowed although they are not public, each with the further addresses that it may have. The names of
   * metadata services are refused all the same. Default: none.
   */
  readonly allowedHosts?: readonly AllowedHost[];
}

/** Why an address is refused. It is for logs and tests: a caller of the API must not learn it. */
export type AddressRefusal = 'not-an-address' | 'metadata' | 'private' | 'special-purpose';

export type AddressVerdict =
  { readonly allowed: true } | { readonly allowed: false; readonly reason: AddressRefusal };

const ALLOWED: AddressVerdict = { allowed: true };

const blocks = (...texts: string[]): IpBlock[] =>
  texts.map((text) => {
    const block = parseIpBlock(text);
    if (!block) throw new Error(`${text} is not a CIDR block.`);
    return block;
  });

/**
 * Metadata services, which give a machine's credentials to whoever asks from it, and agents of the hosts. A cloud that
 * is not named below has its service at 169.254.169.254 alone: DigitalOcean, IBM Cloud (VPC), OVHcloud, Huawei, Vultr,
 * UpCloud, Exoscale. Equinix Metal had no address of its own (metadata.platformequinix.com).
 */
const METADATA = blocks(
  // AWS (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html), Google Cloud
  // (docs.cloud.google.com/compute/docs/metadata/overview), Azure, and the rest; GKE's proxy is .252
  '169.254.169.0/24',
  // AWS: ECS task credentials (.2, AmazonECS/latest/developerguide/task-iam-roles.html), EKS Pod Identity (.23)
  '169.254.170.0/24',
  // AWS: ::254 metadata, ::23 EKS Pod Identity (eks/latest/userguide/pod-id-how-it-works.html), ::253 DNS, ::123 time
  'fd00:ec2::/32',
  // Google Cloud, IPv6-only instances (docs.cloud.google.com/compute/docs/metadata/querying-metadata)
  'fd20:ce::254/128',
  // Azure WireServer: public, but it answers inside Azure only (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16)
  '168.63.129.16/32',
  // Oracle Cloud (docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm), and its classic instances
  'fd00:c1::a9fe:a9fe/128',
  '192.0.0.192/32',
  // Akamai, Linode (techdocs.akamai.com/cloud-computing/docs/metadata-service-api)
  'fd00:a9fe:a9fe::1/128',
  // Alibaba Cloud (alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata; cloud-init's DataSourceAliYun has the IPv6 one)
  '100.100.100.200/32',
  'fd00:100::100:200/128',
  // Tencent Cloud (metadata.tencentyun.com; cloud.tencent.com/document/product/213/4934)
  '169.254.0.23/32',
  // Scaleway (scaleway.com/en/docs/instances/how-to/use-instance-metadata)
  '169.254.42.42/32',
  'fd00:42::42/128',
  // Volcano Engine, BytePlus (github.com/volcengine/cello: the address of its credential server)
  '100.96.0.96/32',
  // OpenStack (docs.openstack.org/nova/latest/user/metadata.html), Hetzner (docs.hetzner.cloud), and others by cloud-init
  'fe80::a9fe:a9fe/128',
);

const PRIVATE = blocks(
  '10.0.0.0/8', // RFC 1918
  '100.64.0.0/10', // carrier-grade NAT, RFC 6598
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, RFC 3927
  '172.16.0.0/12', // RFC 1918
  '192.168.0.0/16', // RFC 1918
  '::1/128', // loopback
  'fc00::/7', // unique local, RFC 4193
  'fe80::/10', // link-local
);

/**
 * The rest of IANA's special-purpose registries. Some blocks there are globally reachable, but they are anycast
 * infrastructure (AS112, AMT, PCP, TURN): no customer can hold them, and a node of the local network may answer.
 */
const SPECIAL_PURPOSE = blocks(
  '0.0.0.0/8', // "this network": Linux connects 0.0.0.0 to loopback
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relay anycast
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and the limited broadcast address
  '2001::/23', // IETF protocol assignments: Teredo, benchmarking, ORCHID, AS112, AMT
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which leads to the IPv4 address inside it
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
);

const [GLOBAL_UNICAST] = blocks('2000::/3') as [IpBlock];

/**
 * IPv4-mapped addresses (RFC 4291 section 2.5.5.2) and NAT64's well-known prefix (RFC 6052): both reach the IPv4
 * address inside.
 */
const EMBEDS_IPV4 = blocks('::ffff:0:0/96', '64:ff9b::/96');

/**
 * Judges IP addresses. Public unicast is allowed, and what {@link NetworkRules} adds to it. An address that embeds an
 * IPv4 one is judged by that one. A metadata address is refused whatever the rules say.
 */
export class AddressPolicy {
  readonly allowHttp: boolean;
  readonly allowPrivateNetworks: boolean;
  readonly #exceptions: readonly IpBlock[];
  readonly #hosts: AllowedHosts;

  /** @throws InvalidWebhooksOptionError that names the unusable entry of `allowedAddresses` */
  constructor(rules: NetworkRules) {
    this.allowHttp = rules.allowHttp;
    this.allowPrivateNetworks = rules.allowPrivateNetworks;
    this.#exceptions = rules.allowedAddresses.map(parseException);
    this.#hosts = new AllowedHosts(rules.allowedHosts ?? []);
  }

  /** Whether a name is allowed although it is not public. @param name in lower case, without a trailing dot */
  allowsName(name: string): boolean {
    return this.#hosts.has(name);
  }

  /**
   * @param address an IP address as `dns.lookup` or a URL's host (without brackets) spells it
   * @param hostname the name that was looked up; left out for an address in a URL
   */
  judge(address: string, hostname?: string): AddressVerdict {
    const parsed = parseIpAddress(address);
    if (!parsed) return refuse('not-an-address');
    const target = isIn(EMBEDS_IPV4, parsed) ? embeddedIpv4(parsed) : parsed;
    if (isIn(METADATA, target)) return refuse('metadata');
    if (isIn(this.#exceptions, target) || isIn(this.#exceptions, parsed)) return ALLOWED;
    const ofHost = hostname === undefined ? [] : this.#hosts.addressesOf(bareName(hostname));
    if (isIn(ofHost, target) || isIn(ofHost, parsed)) return ALLOWED;
    if (isIn(PRIVATE, target)) return this.allowPrivateNetworks ? ALLOWED : refuse('private');
    return isPublic(target) ? ALLOWED : refuse('special-purpose');
  }
}

const bareName = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '');

function isPublic(address: IpAddress): boolean {
  if (address.bits === 128 && !blockContains(GLOBAL_UNICAST, address)) return false;
  return !isIn(SPECIAL_PURPOSE, address);
}

function isIn(list: readonly IpBlock[], address: IpAddress): boolean {
  return list.some((block) => blockContains(block, address));
}

function refuse(reason: AddressRefusal): AddressVerdict {
  return { allowed: false, reason };
}

function parseException(text: string, index: number): IpBlock {
  const option = `network.allowedAddresses[${index}]`;
  const block = typeof text === 'string' ? parseIpBlock(text) : undefined;
  if (!block) {
    throw new InvalidWebhooksOptionError(
      option,
      `must be an IP address or a CIDR block with no bits set after its prefix, such as '10.1.2.3' or '10.1.0.0/16', got ${JSON.stringify(text)}.`,
    );
  }
  if (block.prefix === block.bits && isMetadata(block)) {
    throw new InvalidWebhooksOptionError(
      option,
      `is a cloud metadata address, got ${JSON.stringify(text)}. Webhooks are never sent there: remove it.`,
    );
  }
  return block;
}

function isMetadata(address: IpAddress): boolean {
  return isIn(METADATA, isIn(EMBEDS_IPV4, address) ? embeddedIpv4(address) : address);
}
