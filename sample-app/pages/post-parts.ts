import type { Post } from '../posts/post.entity.js';
import { html, type Html } from './html.js';
import { badge, time } from './parts.js';

export const postStatus = ({ status }: Post): Html =>
  status === 'published' ? badge('good', 'Published') : badge('plain', 'Draft');

export const postTime = ({ createdAt, publishedAt }: Post): Html =>
  publishedAt === null ? html`written ${time(createdAt)}` : html`published ${time(publishedAt)}`;
