package io.datanode;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.datanode.plan.ArgumentText;
import io.datanode.plan.Instants;
import io.datanode.plan.MetadataTable;
import io.datanode.plan.MetadataTables;
import io.datanode.plan.MovedStarts;
import io.datanode.plan.ParsedSqlException;
import io.datanode.plan.Plan;
import io.datanode.plan.PlanSettings;
import io.datanode.plan.SqlPlaces;
import io.datanode.plan.TimeText;
import io.datanode.plan.WallClocks;

/** Who may use whom; the page on architecture tells why. */
@AnalyzeClasses(packages = "io.datanode", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.datanode.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule partsOfPlanningHaveNoCycles =
      slices().matching("io.datanode.plan.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule partsOfPlanningKnowThePlanButNotItsPlanner =
      noClasses()
          .that()
          .resideInAPackage("io.datanode.plan.*..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.datanode.plan")
                  .and(
                      not(
                          belongToAnyOf(
                              ArgumentText.class,
                              Plan.class,
                              PlanSettings.class,
                              MetadataTable.class,
                              MetadataTables.class,
                              Instants.class,
                              MovedStarts.class,
                              ParsedSqlException.class,
                              SqlPlaces.class,
                              TimeText.class,
                              WallClocks.class))));

  @ArchTest
  static final ArchRule onlyThePlannerUsesThePartsOfPlanning =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.datanode.plan..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.datanode.plan.*..");

  @ArchTest
  static final ArchRule storagesAreFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.storage.duckdb..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.storage.duckdb..");

  @ArchTest
  static final ArchRule postgreSqlIsFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.storage.postgresql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.storage.postgresql..");

  @ArchTest
  static final ArchRule fileCatalogsAreFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.catalog.file..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.catalog.file..");

  @ArchTest
  static final ArchRule folderCatalogsAreFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.catalog.folder..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.catalog.folder..");

  @ArchTest
  static final ArchRule databaseCatalogsAreFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.catalog.postgresql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.catalog.postgresql..");

  @ArchTest
  static final ArchRule serverCatalogsAreFoundByServiceLoader =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.datanode.catalog.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.catalog.server..");

  @ArchTest
  static final ArchRule nodesAndCatalogsKnowNoEngine =
      noClasses()
          .that()
          .resideInAnyPackage("io.datanode.node..", "io.datanode.catalog..")
          .and()
          .resideOutsideOfPackages(
              "io.datanode.catalog.postgresql..", "io.datanode.catalog.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.calcite..", "java.sql..", "org.duckdb..");

  @ArchTest
  static final ArchRule conditionsKnowNoNodes =
      noClasses()
          .that()
          .resideInAPackage("io.datanode.predicate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.datanode.node..",
              "io.datanode.schema..",
              "io.datanode.plan..",
              "io.datanode.search..",
              "org.apache.calcite..",
              "com.fasterxml..");

  @ArchTest
  static final ArchRule searchesKnowNoEngine =
      noClasses()
          .that()
          .resideInAPackage("io.datanode.search..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.datanode.engine..", "java.sql..");

  @ArchTest
  static final ArchRule driverKnowsNoEngine =
      noClasses()
          .that()
          .resideInAPackage("io.datanode.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.datanode.node..",
              "io.datanode.catalog..",
              "io.datanode.storage..",
              "io.datanode.schema..",
              "io.datanode.plan..",
              "io.datanode.engine..",
              "org.apache.calcite.rel..",
              "org.apache.calcite.sql..");
}
