<?xml version="1.0" encoding="UTF-8"?>
<!-- A definition, told as a reference page in Markdown: `make reference` writes doc/<provider>.md with it. What includes bring is told
     with the schema that it belongs to. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:p="urn:restodbc:provider:1">
  <xsl:output method="text" encoding="UTF-8"/>

  <xsl:template match="/p:provider">
    <xsl:value-of select="concat('# ', @title, '&#10;&#10;`Provider=', @name, '`. Base address: `', @url, @prefix, '`.')"/>
    <xsl:if test="p:limit/@requests">
      <xsl:value-of select="concat(' The service allows ', p:limit/@requests, ' requests in ', p:limit/@seconds, ' seconds.')"/>
    </xsl:if>
    <xsl:if test="p:limit/@concurrent">
      <xsl:value-of select="concat(' At most ', p:limit/@concurrent, ' requests of a statement are under way at once.')"/>
    </xsl:if>
    <xsl:if test="p:oauth/@schemes">
      <xsl:value-of select="concat(' `AuthScheme` is one of `', p:oauth/@schemes, '`.')"/>
    </xsl:if>
    <xsl:if test="p:include/@schema">
      <xsl:text> `Schema` is</xsl:text>
      <xsl:for-each select="p:include[@schema and not(@schema = preceding-sibling::p:include/@schema)]">
        <xsl:choose>
          <xsl:when test="position() = 1"><xsl:text> </xsl:text></xsl:when>
          <xsl:when test="position() = last()"> or </xsl:when>
          <xsl:otherwise>, </xsl:otherwise>
        </xsl:choose>
        <xsl:value-of select="concat('`', @schema, '`')"/>
        <xsl:if test="position() = 1 and position() != last()"> (when not given)</xsl:if>
      </xsl:for-each>
      <xsl:text>.</xsl:text>
    </xsl:if>
    <xsl:text>&#10;</xsl:text>
    <xsl:if test="p:variable">
      <xsl:text>&#10;What a connection tells or finds out, in braces below. `Other=Name=…` sets any of them.&#10;&#10;| | is | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:apply-templates select="p:variable"/>
    </xsl:if>
    <xsl:call-template name="names">
      <xsl:with-param name="title">Tables</xsl:with-param>
      <xsl:with-param name="nodes" select="(p:table | document(p:include/@file)/p:tables/p:table)[not(@kind = 'view')]"/>
    </xsl:call-template>
    <xsl:call-template name="names">
      <xsl:with-param name="title">Views</xsl:with-param>
      <xsl:with-param name="nodes" select="(p:table | document(p:include/@file)/p:tables/p:table)[@kind = 'view']"/>
    </xsl:call-template>
    <xsl:call-template name="names">
      <xsl:with-param name="title">Procedures</xsl:with-param>
      <xsl:with-param name="nodes" select="p:procedure | document(p:include/@file)/p:tables/p:procedure"/>
    </xsl:call-template>
    <xsl:text>&#10;A condition in the column *the service applies* goes into the request; every other one is applied by the driver after the rows have come. *exactly*: the driver does not check again, so that a LIMIT can go along.&#10;</xsl:text>
    <xsl:for-each select="p:table | document(p:include/@file)/p:tables/p:table">
      <xsl:sort select="@name"/>
      <xsl:apply-templates select="."/>
    </xsl:for-each>
    <xsl:if test="p:procedure | document(p:include/@file)/p:tables/p:procedure">
      <xsl:text>&#10;## Procedures&#10;</xsl:text>
      <xsl:for-each select="p:procedure | document(p:include/@file)/p:tables/p:procedure">
        <xsl:sort select="@name"/>
        <xsl:apply-templates select="."/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>

  <xsl:template name="names">
    <xsl:param name="title"/>
    <xsl:param name="nodes"/>
    <xsl:if test="$nodes">
      <xsl:value-of select="concat('&#10;', $title, ': ')"/>
      <xsl:for-each select="$nodes">
        <xsl:sort select="@name"/>
        <xsl:if test="position() > 1">, </xsl:if>
        <xsl:value-of select="concat('`', @name, '`')"/>
      </xsl:for-each>
      <xsl:text>.&#10;</xsl:text>
    </xsl:if>
  </xsl:template>

  <xsl:template match="p:variable">
    <xsl:value-of select="concat('| {', @name, '} | ')"/>
    <xsl:variable name="ways">
      <xsl:for-each select="p:when">
        <xsl:value-of select="concat('; `', @value, '` where `', @property, '` is `', @is, '`')"/>
      </xsl:for-each>
      <xsl:if test="@property and not(p:when/@property = @property)">
        <xsl:value-of select="concat('; the property `', @property, '`')"/>
      </xsl:if>
      <xsl:if test="@token">
        <xsl:value-of select="concat('; `', @token, '` of the reply of the token endpoint')"/>
      </xsl:if>
      <xsl:if test="@table">
        <xsl:value-of select="concat('; the first ', @table, '.', @column)"/>
        <xsl:if test="@where">
          <xsl:value-of select="concat(' where ', @where, ' is `', @is, '`')"/>
        </xsl:if>
        <xsl:if test="@prefer">
          <xsl:value-of select="concat(', rather one where ', @prefer, ' is true')"/>
        </xsl:if>
        <xsl:if test="@only = 'yes'">, if it is the only one</xsl:if>
      </xsl:if>
      <xsl:if test="@standard">
        <xsl:value-of select="concat('; `', @standard, '`')"/>
      </xsl:if>
    </xsl:variable>
    <xsl:value-of select="concat(substring($ways, 3), ' | ', @description, ' |&#10;')"/>
  </xsl:template>

  <xsl:template match="p:table">
    <xsl:value-of select="concat('&#10;## ', @name)"/>
    <xsl:if test="@kind = 'view'"> (view)</xsl:if>
    <xsl:call-template name="schema"/>
    <xsl:value-of select="concat('&#10;&#10;', @description, '.')"/>
    <xsl:choose>
      <xsl:when test="p:endpoint">
        <xsl:text> Read from, whichever costs least:&#10;&#10;</xsl:text>
        <xsl:for-each select="self::*[@path] | p:endpoint">
          <xsl:text>- </xsl:text>
          <xsl:call-template name="endpoint"/>
          <xsl:text>&#10;</xsl:text>
        </xsl:for-each>
        <xsl:text>&#10;</xsl:text>
      </xsl:when>
      <xsl:otherwise>
        <xsl:text> Read from </xsl:text>
        <xsl:call-template name="endpoint"/>
        <xsl:text>.</xsl:text>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:variable name="notes">
      <xsl:apply-templates select="p:require"/>
      <xsl:if test="p:order">
        <xsl:text> The service can sort by </xsl:text>
        <xsl:for-each select="p:order[not(@column = preceding-sibling::p:order/@column)]">
          <xsl:if test="position() > 1">, </xsl:if>
          <xsl:value-of select="@column"/>
        </xsl:for-each>
        <xsl:text>.</xsl:text>
      </xsl:if>
      <xsl:if test="p:custom-fields"> With `IncludeCustomFields` the account's own fields are columns, too.</xsl:if>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="p:endpoint and $notes != ''">
        <xsl:value-of select="concat(substring($notes, 2), '&#10;')"/>
      </xsl:when>
      <xsl:when test="not(p:endpoint)">
        <xsl:value-of select="concat($notes, '&#10;')"/>
      </xsl:when>
    </xsl:choose>
    <xsl:if test="not(p:endpoint) or $notes != ''">
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
    <xsl:text>| column | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
    <xsl:apply-templates select="p:column"/>
    <xsl:if test="p:input">
      <xsl:text>&#10;Only in conditions:&#10;&#10;| input | type | the service applies | |&#10;|---|---|---|---|&#10;</xsl:text>
      <xsl:apply-templates select="p:input"/>
    </xsl:if>
  </xsl:template>

  <!-- The schema of an included file, behind the name of what stands in it. -->
  <xsl:template name="schema">
    <xsl:variable name="tables" select="generate-id(parent::p:tables)"/>
    <xsl:if test="parent::p:tables">
      <xsl:for-each select="$provider/p:include[@schema and generate-id(document(@file)/p:tables) = $tables]">
        <xsl:value-of select="concat(' (schema ', @schema, ')')"/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>
  <xsl:variable name="provider" select="/p:provider"/>

  <!-- Of a table or an endpoint: what is asked, and what for. -->
  <xsl:template name="endpoint">
    <xsl:text>`</xsl:text>
    <xsl:if test="@method = 'POST'">POST </xsl:if>
    <xsl:value-of select="concat(@url, ancestor::p:tables[not(current()/@url)]/@url, @path, '`')"/>
    <xsl:if test="@parent">
      <xsl:value-of select="concat(', for the rows of ', @parent)"/>
      <xsl:if test="@parent-if">
        <xsl:value-of select="concat(' with ', @parent-if)"/>
      </xsl:if>
    </xsl:if>
    <xsl:if test="@needs">
      <xsl:value-of select="concat(', with the parameter `', @needs, '`')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="p:require">
    <xsl:value-of select="concat(' The service wants one of the parameters `', @any, '`; without a condition for them ')"/>
    <xsl:choose>
      <xsl:when test="@parameter">
        <xsl:value-of select="concat('`', @parameter, '=', @value, '` is sent.')"/>
      </xsl:when>
      <xsl:otherwise>a query is refused.</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="p:column | p:table/p:input">
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
    <xsl:if test="@from and not(@at) and not(@from = @references)">
      <xsl:value-of select="concat('Of ', @from, '. ')"/>
    </xsl:if>
    <xsl:if test="@standard">
      <xsl:value-of select="concat('Is `', @standard, '` unless compared')"/>
      <xsl:if test="@any">
        <xsl:value-of select="concat('; `', @any, '` stands for all')"/>
      </xsl:if>
      <xsl:text>. </xsl:text>
    </xsl:if>
    <xsl:value-of select="@description"/>
    <xsl:text> |&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="p:procedure">
    <xsl:value-of select="concat('&#10;### ', @name)"/>
    <xsl:call-template name="schema"/>
    <xsl:value-of select="concat('&#10;&#10;', @description, '. `')"/>
    <xsl:choose>
      <xsl:when test="@method">
        <xsl:value-of select="@method"/>
      </xsl:when>
      <xsl:otherwise>POST</xsl:otherwise>
    </xsl:choose>
    <xsl:value-of select="concat(' ', @url, ancestor::p:tables[not(current()/@url)]/@url, @path, '`.')"/>
    <xsl:if test="not(p:output)"> Its answer is `Success`.</xsl:if>
    <xsl:text>&#10;</xsl:text>
    <xsl:if test="p:input">
      <xsl:text>&#10;| input | type | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:for-each select="p:input">
        <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ')"/>
        <xsl:if test="@required = 'yes'">Required. </xsl:if>
        <xsl:if test="@standard">
          <xsl:value-of select="concat('`', @standard, '` when not given. ')"/>
        </xsl:if>
        <xsl:if test="@file">The name of a file that is sent. </xsl:if>
        <xsl:if test="@target = 'yes'">The name of the file that is written. </xsl:if>
        <xsl:value-of select="concat(@description, ' |&#10;')"/>
      </xsl:for-each>
    </xsl:if>
    <xsl:if test="p:output">
      <xsl:text>&#10;| output | type | |&#10;|---|---|---|&#10;</xsl:text>
      <xsl:for-each select="p:output">
        <xsl:value-of select="concat('| ', @name, ' | ', @type, ' | ', @description, ' |&#10;')"/>
      </xsl:for-each>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
