# One image for every app: the command says which. `docker-compose.yml` runs them all.

FROM node:24-bookworm-slim AS base
WORKDIR /reckoner
COPY package.json package-lock.json .npmrc ./

# The compiler and the types of every package; install scripts fetch and link engines that an image has no use for.
FROM base AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json nest-cli.json ./
COPY apps apps
COPY libs libs
COPY dev dev
COPY test test
COPY bench bench
RUN npx nest build && rm -rf dist/test dist/bench dist/libs/testing dist/libs/samples dist/.tsbuildinfo

# What the apps import, and nothing else: the Node of the image makes the packaged ones superfluous.
FROM base AS dependencies
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM base
ENV NODE_ENV=production \
    NODE_OPTIONS="--enable-source-maps"
COPY LICENSE ./
COPY --from=dependencies /reckoner/node_modules node_modules
COPY --from=build /reckoner/dist dist
RUN mkdir -m 0700 /var/lib/reckoner && chown node:node /var/lib/reckoner
USER node
CMD ["node", "dist/apps/ingest-api/src/main.js"]
