import * as echarts from 'echarts';
import _ from 'lodash';
import { createRoot } from 'react-dom/client';
import * as three from 'three';

const parts = [...Object.keys(echarts), ...Object.keys(three), ..._.keys(_)];
createRoot(document.body).render(<ul>{parts.map((part) => <li key={part}>{part}</li>)}</ul>);
