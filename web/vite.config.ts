// What is made goes to `made/`, which is this build's own and is emptied first;
// tools/finish.mjs looks at it and puts it into dist/, which holds nothing else.
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  esbuild: { legalComments: 'none' }, // they come along as a file (tools/finish.mjs)
  build: {
    outDir: 'made',
    emptyOutDir: true,
    assetsDir: 'app',
    assetsInlineLimit: 0,
    target: 'es2020',
    cssTarget: 'chrome87',
    modulePreload: { polyfill: false },
    manifest: false,
    chunkSizeWarningLimit: 1200, // kB: the map, which is fetched when it is opened
    rollupOptions: {
      output: {
        hashCharacters: 'base36',
        entryFileNames: 'app/[name]-[hash:8].js',
        chunkFileNames: 'app/[name]-[hash:8].js',
        assetFileNames: 'app/[name]-[hash:8][extname]',
      },
      plugins: [{
        // Which packages went into the files: their licences come along (finish.mjs).
        name: 'weft-packages',
        generateBundle(_options, bundle) {
          const names = new Set<string>();
          for (const file of Object.values(bundle))
            for (const id of file.type === 'chunk' ? Object.keys(file.modules) : []) {
              const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id);
              if (found?.[1]) names.add(found[1]);
            }
          this.emitFile({ type: 'asset', fileName: 'packages.txt', source: [...names].sort().join('\n') + '\n' });
        },
      }],
    },
  },
});
