import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  worker: { format: "es" },
  build: { target: "es2023", outDir: "dist/page" },
  preview: { host: "127.0.0.1", port: Number(process.env.PORT ?? 4173), strictPort: true },
});
