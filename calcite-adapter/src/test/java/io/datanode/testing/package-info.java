/**
 * What tests share: the market data set {@link io.datanode.testing.MarketNodes} and questions about
 * one statement, {@link io.datanode.testing.SqlFixture}.
 */
package io.datanode.testing;
