<?xml version="1.0" encoding="UTF-8"?>
<!-- A definition, told as a reference page in Markdown: `make reference` writes doc/<provider>.md with it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:p="urn:restodbc:provider:1">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/p:provider">
    <xsl:text># </xsl:text>
    <xsl:value-of select="@title"/>
    <xsl:text>&#10;&#10;`Provider=</xsl:text>
    <xsl:value-of select="@name"/>
    <xsl:text>`. Base address: `</xsl:text>
    <xsl:value-of select="@url"/>
    <xsl:text>`.</xsl:text>
    <xsl:if test="p:limit">
      <xsl:text> The service allows </xsl:text>
      <xsl:value-of select="p:limit/@requests"/>
      <xsl:text> requests in </xsl:text>
      <xsl:value-of select="p:limit/@seconds"/>
      <xsl:text> seconds.</xsl:text>
    </xsl:if>
    <xsl:text>&#10;&#10;A condition in the column *the service applies* goes into the request; every other one is applied by the driver after the rows have come. *exactly*: the driver does not check again, so that a LIMIT can go along.&#10;</xsl:text>
    <xsl:for-each select="p:table">
      <xsl:sort select="@name"/>
      <xsl:apply-templates select="."/>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="p:table">
    <xsl:text>&#10;## </xsl:text>
    <xsl:value-of select="@name"/>
    <xsl:if test="@kind = 'view'"> (view)</xsl:if>
    <xsl:text>&#10;&#10;</xsl:text>
    <xsl:value-of select="@description"/>
    <xsl:text>. Read from `</xsl:text>
    <xsl:value-of select="@path"/>
    <xsl:text>`.</xsl:text>
    <xsl:for-each select="p:require">
      <xsl:text> The service wants one of the parameters `</xsl:text>
      <xsl:value-of select="@any"/>
      <xsl:text>`; without a condition for them `</xsl:text>
      <xsl:value-of select="concat(@parameter, '=', @value)"/>
      <xsl:text>` is sent.</xsl:text>
    </xsl:for-each>
    <xsl:if test="p:order">
      <xsl:text> The service can sort by </xsl:text>
      <xsl:for-each select="p:order[not(@column = preceding-sibling::p:order/@column)]">
        <xsl:if test="position() > 1">, </xsl:if>
        <xsl:value-of select="@column"/>
      </xsl:for-each>
      <xsl:text>.</xsl:text>
    </xsl:if>
    <xsl:text>&#10;&#10;| column | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
    <xsl:apply-templates select="p:column"/>
    <xsl:if test="p:input">
      <xsl:text>&#10;Only in conditions:&#10;&#10;| input | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
      <xsl:apply-templates select="p:input"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="p:column | p:input">
    <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ')"/>
    <xsl:for-each select="p:filter">
      <xsl:if test="position() > 1">; </xsl:if>
      <xsl:value-of select="concat('`', @op, '` as `', @parameter, '`')"/>
      <xsl:if test="@exact = 'yes'"> exactly</xsl:if>
      <xsl:if test="@exact and @exact != 'yes' and @exact != 'no'">
        <xsl:value-of select="concat(', `', @exact, '` exactly')"/>
      </xsl:if>
    </xsl:for-each>
    <xsl:text> | </xsl:text>
    <xsl:if test="@key = 'yes'">Key. </xsl:if>
    <xsl:if test="@references">
      <xsl:value-of select="concat('→ ', @references, '. ')"/>
    </xsl:if>
    <xsl:value-of select="@description"/>
    <xsl:text> |&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
