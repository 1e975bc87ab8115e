import * as ts from 'typescript';
import { classes, nameOf, propsOf, structs } from '../helpers/api';

type Method = ts.ConstructorDeclaration | ts.MethodDeclaration;

const has = (node: ts.HasModifiers, kind: ts.SyntaxKind): boolean => node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
const isInternal = (node: ts.Node): boolean => ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
const typesTaken = (method?: Method): string[] => method?.parameters.map(({ type }) => type?.getText() ?? '') ?? [];
const constructorOf = (node?: ts.ClassDeclaration) => node?.members.find(ts.isConstructorDeclaration);
const isConstruct = (node: ts.ClassDeclaration): boolean =>
  /extends (Construct|Resource)\b/.test(node.heritageClauses?.map((clause) => clause.getText()).join() ?? '');

/** Classes that carry data and are made with `new`. */
const DATA_CLASSES = ['PipelineEnvironment', 'DashboardDeployment'];

/** Structs that are not arguments themselves. */
const DATA_STRUCTS = ['DeploymentHooks'];

test('a pipeline and an environment take at most 15 props', () => {
  const environment = classes.find((one) => nameOf(one) === 'PipelineEnvironment');
  const [, options = 'no options'] = typesTaken(constructorOf(environment));

  for (const name of ['BlueGreenFargatePipelineProps', options.replace(/ =.*/, '')]) {
    const { length } = propsOf(name);
    expect({ name, length, fits: length > 0 && length <= 15 }).toEqual({ name, length, fits: true });
  }
});

test('a struct is named Props if a construct takes it, and Options if a factory, a method or another struct takes it', () => {
  const props = classes.filter(isConstruct).flatMap((one) => typesTaken(constructorOf(one)).slice(2));
  const names = structs.map(nameOf).filter((name) => !DATA_STRUCTS.includes(name) && !/^I[A-Z]/.test(name));

  expect(props.length).toBeGreaterThan(7);
  expect(names.filter((name) => name.endsWith('Props')).sort()).toEqual([...new Set(props)].sort());
  expect(names.filter((name) => !/(Props|Options)$/.test(name))).toEqual([]);
});

test('a value class is created by its factories only, and has no internal member except _bind', () => {
  const values = classes.filter((one) => !isConstruct(one) && !DATA_CLASSES.includes(nameOf(one)));
  const isPrivate = (one: ts.ClassDeclaration): boolean => has(constructorOf(one) ?? one, ts.SyntaxKind.PrivateKeyword);
  const internal = values.flatMap((one) => one.members.filter(isInternal).map((member) => `${nameOf(one)}.${nameOf(member)}`));

  expect(values.length).toBeGreaterThan(6);
  expect(values.filter((one) => !isPrivate(one)).map(nameOf)).toEqual([]);
  expect(internal.filter((name) => !name.endsWith('._bind'))).toEqual([]);
});
