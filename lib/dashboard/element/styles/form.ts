import { css } from 'lit';

export const form = css``;
