/** Groups in the order of their first appearance. */
export function byGroup<Member extends { readonly group: string }>(
  members: readonly Member[],
): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const others = groups.get(member.group);
    if (others) others.push(member);
    else groups.set(member.group, [member]);
  }
  return groups;
}
