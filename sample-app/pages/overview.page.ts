import type { WebhookStatsView } from 'nestjs-webhooks';
import type { Environment } from '../config/environment.js';
import { PLATFORM_NAMES } from '../platforms/platform-types.js';
import { totalEngagements } from '../posts/engagement-totals.js';
import type { Post } from '../posts/post.entity.js';
import type { SummaryCounts } from '../webhooks/analytics.events.js';
import { demoSteps } from './demo-steps.js';
import { html, type Html } from './html.js';
import type { Page } from './page.js';
import { number, plural, time } from './parts.js';
import { postStatus } from './post-parts.js';

export interface Overview {
  readonly accountId: string;
  readonly platforms: number;
  readonly ever: SummaryCounts;
  readonly lastWeek: SummaryCounts;
  readonly recent: readonly Post[];
  readonly endpoints: number;
  /** The path of the webhook for the demo receiver. */
  readonly receiverEndpointId: string | undefined;
  readonly activeEndpoints: number;
  readonly attempts: WebhookStatsView['total'];
  readonly environment: Environment;
}

export const overviewPage = (overview: Overview): Page => ({
  title: 'Overview',
  section: 'overview',
  body: html`
    ${overview.environment.demo && demoSteps(overview)} ${numbers(overview)}
    <div class="columns">${recentPosts(overview.recent)} ${webhooks(overview)}</div>
  `,
});

function numbers({ platforms, ever, lastWeek }: Overview): Html {
  const engagement = lastWeek.likes + lastWeek.comments + lastWeek.shares;
  const kinds = [
    plural(lastWeek.likes, 'like'),
    plural(lastWeek.comments, 'comment'),
    plural(lastWeek.shares, 'share'),
  ].join(', ');
  return html`<dl class="numbers" aria-label="Numbers">
    ${figure('Platforms', platforms, 'connected')}
    ${figure('Posts published', ever.posts_published, `${number(lastWeek.posts_published)} in the last 7 days`)}
    ${figure('Followers', ever.followers, `${number(lastWeek.followers_gained)} new in the last 7 days`)}
    ${figure('Engagement, 7 days', engagement, kinds)}
  </dl>`;
}

const figure = (name: string, value: number, detail: string): Html =>
  html`<div class="card figure">
    <dt>${name}</dt>
    <dd>
      <span class="number">${number(value)}</span>
      <span class="hint">${detail}</span>
    </dd>
  </div>`;

const recentPosts = (posts: readonly Post[]): Html => html`
  <section class="card" aria-labelledby="recent">
    <div class="card-head">
      <h2 id="recent">Recent posts</h2>
      <a href="/posts">All posts</a>
    </div>
    ${
      posts.length === 0
        ? html`<p class="empty">No posts yet. <a href="/posts#new">Write the first one</a></p>`
        : html`<ul class="rows">
            ${posts.map(
              (post) =>
                html`<li class="row">
                  <div class="row-main">
                    <p class="clip">${post.content}</p>
                    <p class="hint">${PLATFORM_NAMES[post.platform]} · ${detail(post)}</p>
                  </div>
                  ${postStatus(post)}
                </li>`,
            )}
          </ul>`
    }
  </section>
`;

const detail = (post: Post): Html =>
  post.publishedAt === null
    ? time(post.createdAt)
    : html`${time(post.publishedAt)} · ${plural(totalEngagements(post), 'engagement')}`;

const webhooks = ({ endpoints, activeEndpoints, attempts }: Overview): Html => html`
  <section class="card" aria-labelledby="webhooks">
    <div class="card-head">
      <h2 id="webhooks">Webhooks</h2>
      <a href="/integrations/webhooks">Manage</a>
    </div>
    <p class="lead"><span class="number">${number(activeEndpoints)}</span> active of ${number(endpoints)}</p>
    <h3>Requests of the last 24 hours</h3>
    <dl class="outcomes">
      ${outcome('good', 'Succeeded', attempts.succeeded)}
      ${outcome('wait', 'Failed, tried again', attempts.retrying)}
      ${outcome('bad', 'Failed', attempts.failed)}
    </dl>
  </section>
`;

const outcome = (tone: string, name: string, count: number): Html =>
  html`<div class="outcome ${tone}">
    <dt>${name}</dt>
    <dd>${number(count)}</dd>
  </div>`;
