module.exports = {
  mode: 'production',
  entry: './src/web/main.tsx',
  output: { path: `${__dirname}/dist/public`, filename: 'main.js' },
  resolve: { extensions: ['.tsx', '.ts', '.js'], extensionAlias: { '.js': ['.ts', '.tsx', '.js'] } },
  module: { rules: [{ test: /\.tsx?$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
  performance: { hints: false },
};
