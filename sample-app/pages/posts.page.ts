import { PLATFORM_NAMES } from '../platforms/platform-types.js';
import type { Platform } from '../platforms/platform.entity.js';
import { nextMilestone, totalEngagements } from '../posts/engagement-totals.js';
import type { Post } from '../posts/post.entity.js';
import type { CreatePostDto } from '../posts/post.dto.js';
import type { Problems } from './forms.js';
import { html, type Html } from './html.js';
import type { Page } from './page.js';
import { action, alert, done, field, number, plural } from './parts.js';
import { postStatus, postTime } from './post-parts.js';

const LONGEST_CONTENT = 5_000;
const DONE = {
  created: 'The draft was saved.',
  published: 'The post is published.',
  like: 'Somebody liked the post.',
  comment: 'Somebody commented on the post.',
  share: 'Somebody shared the post.',
};

export interface PostsState {
  readonly posts: readonly Post[];
  readonly platforms: readonly Platform[];
  /** The last post, after which the next page begins. */
  readonly older: string | undefined;
  readonly isFirstPage?: boolean;
  /** The rejected input. */
  readonly draft?: CreatePostDto;
  readonly problems?: Problems;
  readonly status?: number;
  readonly done?: unknown;
}

export const postsPage = (state: PostsState): Page => ({
  title: 'Posts',
  section: 'posts',
  status: state.status ?? 200,
  body: html`
    ${done(DONE, state.done)} ${alert(state.problems?.[''])}
    ${state.isFirstPage !== false && createForm(state)}
    <section class="card" aria-labelledby="list">
      <h2 id="list">${state.isFirstPage === false ? 'Older posts' : 'Your posts'}</h2>
      ${
        state.posts.length === 0
          ? html`<p class="empty">Nothing here yet. What would your followers like to know?</p>`
          : html`<ul class="rows">
              ${state.posts.map(row)}
            </ul>`
      }
      ${(state.isFirstPage === false || state.older !== undefined) && pager(state)}
    </section>
  `,
});

function createForm({ platforms, draft, problems = {} }: PostsState): Html {
  if (platforms.length === 0) {
    return html`<p class="card empty" id="new">
      Posts go to a platform. <a href="/platforms">Connect one first</a>
    </p>`;
  }
  return html`<form class="card form" id="new" method="post" action="/posts">
    <h2>New post</h2>
    ${field({
      name: 'platformId',
      label: 'Platform',
      problem: problems.platformId,
      control: (attributes) =>
        html`<select ${attributes}>
          ${platforms.map(
            ({ id, type, username }) =>
              html`<option value="${id}" ${draft?.platformId === id && html`selected`}>
                ${PLATFORM_NAMES[type]} · ${username}
              </option>`,
          )}
        </select>`,
    })}
    ${field({
      name: 'content',
      label: 'Content',
      problem: problems.content,
      hint: html`<span data-counts="content">At most ${number(LONGEST_CONTENT)} characters</span>`,
      control: (attributes) =>
        html`<textarea ${attributes} rows="4" required maxlength="${LONGEST_CONTENT}">
${draft?.content}</textarea>`,
    })}
    <div class="form-end">
      <label class="check">
        <input type="checkbox" name="publish" ${draft?.publish !== false && html`checked`} /> Publish now
      </label>
      <button class="primary">Save post</button>
    </div>
  </form>`;
}

const row = (post: Post): Html => html`
  <li class="row post" id="${post.id}">
    <div class="row-main">
      <p class="meta">
        ${postStatus(post)} <span class="hint">${PLATFORM_NAMES[post.platform]} · ${postTime(post)}</span>
      </p>
      <p class="content">${post.content}</p>
      ${post.status === 'published' && counts(post)}
    </div>
    ${
      post.status === 'published'
        ? action(`/posts/${post.id}/engagements`, 'Simulate engagement')
        : action(`/posts/${post.id}/publish`, 'Publish', 'primary')
    }
  </li>
`;

const counts = (post: Post): Html => html`
  <p class="hint">
    ${plural(post.likes, 'like')} · ${plural(post.comments, 'comment')} · ${plural(post.shares, 'share')} ·
    next milestone at ${number(nextMilestone(totalEngagements(post)))}
  </p>
`;

const pager = ({ older, isFirstPage }: PostsState): Html => html`
  <nav class="pager" aria-label="Pages">
    ${isFirstPage === false && html`<a href="/posts">Newest</a>`}
    ${older !== undefined && html`<a href="/posts?before=${older}" rel="next">Older</a>`}
  </nav>
`;
