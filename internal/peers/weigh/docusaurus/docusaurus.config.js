module.exports = {
  title: 'Knowledge base',
  url: 'https://kb.example.com',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  markdown: { format: 'md', hooks: { onBrokenMarkdownLinks: 'ignore' } },
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false }]],
};
