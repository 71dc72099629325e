import { Converter, ReflectionKind } from "typedoc";

import { entryPoints } from "../.vitepress/entry-points.ts";

/** Before TypeDoc sorts members into groups, and after it has found out what is inherited. */
const beforeGroups = -50;

/** A plugin of TypeDoc, for what its options cannot say. */
export function reference({ converter }) {
  converter.on(Converter.EVENT_CREATE_DECLARATION, nameForImport);
  converter.on(Converter.EVENT_CREATE_PARAMETER, nameOptions);
  converter.on(Converter.EVENT_RESOLVE_END, leaveOutInherited, beforeGroups);
}

/** A page has the name by which its exports are imported. */
function nameForImport(context, reflection) {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const source = declarationOf(context, reflection)?.getSourceFile().fileName;
  reflection.name = entryPoints.find((one) => one.source === source)?.name ?? reflection.name;
}

/** A parameter that is taken apart where it is declared has no name in the source. */
function nameOptions(_, parameter) {
  if (parameter.name === "__namedParameters") parameter.name = "options";
}

/**
 * What is inherited is told once, where it is declared, and not again in each class and interface that extends it: where that one has a place in the
 * reference. The properties of options stay, so that each table of options is whole.
 */
function leaveOutInherited(context) {
  const { project } = context;
  const documented = (node) => node?.symbol !== undefined && context.getReflectionFromSymbol(node.symbol) !== undefined;
  const inherited = project
    .getReflectionsByKind(ReflectionKind.ClassOrInterface)
    .flatMap((owner) => (owner.children ?? []).filter((member) => isInherited(member) && !isOption(member, owner)))
    .filter((member) => documented(declarationOf(context, member)?.parent));
  for (const member of inherited) project.removeReflection(member);
}

const isInherited = (member) => member.inheritedFrom !== undefined && !member.kindOf(ReflectionKind.Constructor);

const isOption = (member, owner) => owner.kindOf(ReflectionKind.Interface) && member.kindOf(ReflectionKind.Property);

const declarationOf = (context, reflection) => context.getSymbolFromReflection(reflection)?.declarations?.[0];
