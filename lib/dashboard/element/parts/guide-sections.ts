import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookGuideSection } from '../api/api-types.js';
import type { DashboardContext } from '../dashboard-view.js';
import { t } from '../texts/t.js';
import { guideNodes, textOf } from './guide-nodes.js';
import { link } from './link.js';

/**
 * Consecutive sections. Sections for different programming languages form one group, because they say the
 * same.
 */
export type GuideGroup = readonly WebhookGuideSection[];

export function groupsOf(sections: readonly WebhookGuideSection[]): readonly GuideGroup[] {
  const groups: WebhookGuideSection[][] = [];
  for (const section of sections) {
    const last = groups.at(-1);
    if (section.language && last?.[0]!.language) last.push(section);
    else groups.push([section]);
  }
  return groups;
}

/** @param shown id of the section in the address */
export const guideGroup = (
  context: DashboardContext,
  group: GuideGroup,
  shown: string | undefined,
): TemplateResult => {
  if (!group[0]!.language) return html`${group.map((section) => guideSection(context, section))}`;
  const languages = [...new Set(group.map(({ language }) => language!))];
  return html`<webhooks-languages
    .languages=${languages.map((language) => {
      const own = group.filter((section) => section.language === language);
      return {
        language,
        label: textOf(own[0]!.title),
        content: own.map((section) => guideSection(context, section)),
      };
    })}
    .wanted=${group.find(({ id }) => id === shown)?.language}
  ></webhooks-languages>`;
};

function guideSection(context: DashboardContext, section: WebhookGuideSection): TemplateResult {
  const { id, level, title, content } = section;
  const linkTo = (to: string, text: unknown, name = 'link'): TemplateResult =>
    link(context, { view: 'guide', section: to }, text, { class: name });
  const text = textOf(title);
  const place = { url: context.guideUrl, codeLabel: t('guide.code', { section: text }), linkTo };
  const heading = linkTo(id, text, 'anchor');
  return html`${
    level === 2
      ? html`<h3 tabindex="-1" id=${id}>${heading}</h3>`
      : level === 3
        ? html`<h4 tabindex="-1" id=${id}>${heading}</h4>`
        : html`<h5 tabindex="-1" id=${id}>${heading}</h5>`
  }${content.length > 0 ? guideNodes(content, place) : nothing}`;
}
