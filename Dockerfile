# One image for all services and deploy steps; the command chooses which.
# The tag moves with Node's patch releases; production pins the digest it has tested.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && rm -rf dist/tests && npm prune --omit=dev

FROM ${BASE}
LABEL org.opencontainers.image.title="flash-sale" \
      org.opencontainers.image.description="An event-sourced flash-sale order engine" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
WORKDIR /app
# The only folders a process writes to, apart from /tmp: schema ids known at start, and the payment simulator's journal. Everything
# else may be read-only.
RUN mkdir -p /var/cache/flash-sale /var/lib/flash-sale && chown 1000:1000 /var/cache/flash-sale /var/lib/flash-sale
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The image's user `node`, as a number: Kubernetes can check a number for runAsNonRoot.
USER 1000:1000
CMD ["node", "dist/command-api/main.js"]
